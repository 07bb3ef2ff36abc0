# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Write what the benchmark measured as a page with tables, beside a plot."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Any
from xml.sax.saxutils import escape

DOCS = Path(__file__).resolve().parent.parent / "docs"
DATA = DOCS / "benchmarks/results.json"
PLOT = DOCS / "benchmarks/loop.svg"
PAGE = DOCS / "benchmarks.md"

TITLES = {
    "nothing": "an action that does nothing, with the same options",
    "in process": "mana.memory.dynamodb_table",
    "ping": "ansible.builtin.ping",
    "as a module": "mana.memory.dynamodb_table, forced to be a module",
    "community.aws": "community.aws.dynamodb_table",
    "botocore": "a bare botocore loop, its DescribeTable",
}


def write(data: dict[str, Any]) -> str:
    """Write page and plot; the answer says which targets are met."""
    PLOT.write_text(plot(data["short loops"]))
    PAGE.write_text(page(data))
    return targets(data)


def page(data: dict[str, Any]) -> str:
    """The page: what was measured, on what, and how that compares with what was promised."""
    machine = ", ".join(f"{name} {value}" for name, value in data["machine"].items())
    calls = data["calls"]
    parts = [
        "# Benchmarks",
        "`make bench` writes this page, the plot and the raw data in `benchmarks/results.json`. All contenders run in"
        " one go, in turn, on the same Ansible, the same botocore and an endpoint of the same machine that answers at"
        f" once (ministack). A figure is the median of its rounds ({data['rounds']}); all of a loop's cost is in it.",
        f"Machine: {machine}.",
        "## Promises and figures",
        targets(data),
        "The promises in seconds and milliseconds were made on a machine on which an item of `ansible.builtin.ping`"
        f" takes about 215 ms; here it takes {median(data['short loops']['ping']):.0f}. Ratios hold on any.",
        "## An item of a loop of 20, nothing to change",
        "![Milliseconds of an item](benchmarks/loop.svg)",
        loops(data["short loops"], "ministack", data.get("short loops on LocalStack")),
        "## An item of a loop of 200",
        table(["", "ms"], ([TITLES[name], f"{median(found):.1f}"] for name, found in data["long loops"].items())),
        "## Many tables",
        table(
            ["tables in a loop", "ms for a table", "memory of the worker, MB"],
            (
                [size, f"{median(found):.1f}", f"{median(data['sizes']['megabytes'][size]):.0f}"]
                for size, found in data["sizes"]["milliseconds"].items()
            ),
        ),
        "## Many tables in one task",
        table(
            ["tables as declared", "a bare pool of threads, s", "mana.memory.dynamodb_tables, s", "MB"],
            (
                [
                    title,
                    *(f"{median(found[name]):.2f}" for name in ("pool", "tables")),
                    f"{max(found['megabytes']):.0f}",
                ]
                for title, found in data.get("fleets", {}).items()
            ),
        ),
        "## A task without a loop",
        table(
            ["", "nothing, ms", "mana.memory.dynamodb_table, ms"],
            (
                [kind, f"{median(found['nothing']):.0f}", f"{median(found['in process']):.0f}"]
                for kind, found in data["single tasks"].items()
            ),
        ),
        "## API calls of a run without changes",
        table(
            ["declared", "mana.memory", "community.aws"],
            (
                [title, str(number), str(calls["community.aws"].get(title, "-"))]
                for title, number in calls["mana.memory"].items()
            ),
        ),
        "## The whole job",
        table(
            ["", "s"],
            [
                ["`ansible-playbook playbooks/site.yml` on a system in sync", f"{median(data['site']):.1f}"],
                *(
                    [f"`make apply`, the {which} in a fresh clone", f"{took:.1f}"]
                    for which, took in data.get("apply", {}).items()
                ),
            ],
        ),
    ]
    return "\n\n".join(parts) + "\n"


def targets(data: dict[str, Any]) -> str:
    """Promises beside measurements."""
    short = {name: median(found) for name, found in data["short loops"].items()}
    long = {name: median(found) for name, found in data["long loops"].items()}
    milliseconds, megabytes = (
        {size: median(found) for size, found in data["sizes"][kind].items()} for kind in ("milliseconds", "megabytes")
    )
    whole = {name: median(found) for name, found in data["single tasks"]["whole run"].items()}
    site = median(data["site"])
    rows = [
        ("item of a loop of 200, ms", 12.0, long["in process"]),
        (
            "the same, against botocore and an action that does nothing",
            1.3,
            long["in process"] / (long["botocore"] + long["nothing"]),
        ),
        (
            "community.aws in a loop of 20 against ours of 200",
            -40.0,
            short["community.aws"] / long["in process"],
        ),
        ("ms for a table, 1,000 against 10", 1.2, milliseconds["1000"] / milliseconds["10"]),
        ("MB at 1,000 tables above 10", 15.0, megabytes["1000"] - megabytes["10"]),
        ("a run of a single task above one that does nothing, ms", 150.0, whole["in process"] - whole["nothing"]),
        ("as a module, against ping", 1.9, short["as a module"] / short["ping"]),
        ("community.aws against ours as a module", -1.6, short["community.aws"] / short["as a module"]),
        ("`site.yml` in sync, s", 3.0, site),
    ]
    rows += fleets(data.get("fleets", {}))
    if "audits" in data:
        bare, written = (median(data["audits"][name]) for name in ("no report", "all reports"))
        rows.append(("an audit of 200 tables with all reports, against none", 1.2, written / bare))
    if "short loops on LocalStack" in data:
        there = {name: median(found) for name, found in data["short loops on LocalStack"].items()}
        rows.append(("as a module, against ping, on LocalStack", 1.9, there["as a module"] / there["ping"]))
        rows.append(
            (
                "community.aws against ours as a module, on LocalStack",
                -1.6,
                there["community.aws"] / there["as a module"],
            )
        )
    if "apply" in data:
        rows.append(("`make apply`, the first in a fresh clone, s", 60.0, data["apply"]["first"]))
        rows.append(("`make apply`, the second, s", 10.0, data["apply"]["second"]))
    return table(
        ["", "promise", "measured", ""],
        (
            [
                title,
                f"at {'least' if target < 0 else 'most'} {abs(target):g}",
                f"{found:.2f}" if abs(found) < 10 else f"{found:.1f}",
                "met" if (found >= -target if target < 0 else found <= target) else "**missed**",
            ]
            for title, target, found in rows
        ),
    )


def fleets(samples: dict[str, dict[str, list[float]]]) -> list[tuple[str, float, float]]:
    """Promises about many tables in one task, beside measurements."""
    seconds = {title: median(found["tables"]) for title, found in samples.items()}
    ratios = {title: seconds[title] / median(found["pool"]) for title, found in samples.items()}
    most = {title: max(found["megabytes"]) for title, found in samples.items()}
    rows = []
    for title, ratio in ratios.items():
        if title.startswith("1000 "):
            promise = 1.3 if title.endswith("no latency") else 1.1
            rows.append((f"{title}, against a bare pool of threads", promise, ratio))
            rows.append((f"{title}, ms for a table against 100", 1.2, seconds[title] / 10 / seconds["100" + title[4:]]))
            rows.append((f"{title}, MB", 120.0, most[title]))
    return rows


def loops(ministack: dict[str, list[float]], title: str, localstack: dict[str, list[float]] | None) -> str:
    """The contenders of the short loops, on one endpoint or both."""
    columns = {title: ministack, **({"LocalStack": localstack} if localstack else {})}
    return table(
        ["", *(f"{name}, ms" for name in columns)],
        ([TITLES[name], *(f"{median(found[name]):.1f}" for found in columns.values())] for name in ministack),
    )


def table(head: list[str], rows: Iterable[list[str]]) -> str:
    """A table in Markdown, numbers to the right."""
    lines = [head, ["---", *(["---:"] * (len(head) - 1))], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def plot(samples: dict[str, list[float]]) -> str:
    """Bars: the median of each contender, its samples as dots on it."""
    width, left, thick, gap = 860, 360, 26, 16
    most = max(value for found in samples.values() for value in found)
    scale = (width - left - 90) / most
    height = (thick + gap) * len(samples) + 60
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        ' font-family="sans-serif" font-size="14">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        '<text x="10" y="26" font-weight="bold">Milliseconds for an item of a loop of 20, nothing to change</text>',
    ]
    for row, (name, found) in enumerate(samples.items()):
        top = 44 + row * (thick + gap)
        middle, length = top + thick / 2, median(found) * scale
        colour = "#2a7f62" if name in ("in process", "as a module") else "#9aa5b1"
        parts += [
            f'<text x="{left - 8}" y="{middle + 5}" text-anchor="end">{escape(TITLES[name])}</text>',
            f'<rect x="{left}" y="{top}" width="{length:.1f}" height="{thick}" fill="{colour}"/>',
            *(f'<circle cx="{left + value * scale:.1f}" cy="{middle}" r="2.5" fill="#1f2933"/>' for value in found),
            f'<text x="{left + max(length, max(found) * scale) + 8:.1f}" y="{middle + 5}">{median(found):.0f}</text>',
        ]
    return "\n".join([*parts, "</svg>"]) + "\n"
