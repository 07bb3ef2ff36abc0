# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Write what the benchmark measured as a page with tables and promises, beside plots."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from benchmarks.fleets import A_SECOND, AUDITED, CREATED, LATENCY, THEIR_LOOP
from benchmarks.plots import Curve, Samples, bars, curves

DOCS = Path(__file__).resolve().parent.parent / "docs"
DATA = DOCS / "benchmarks/results.json"
PAGE = DOCS / "benchmarks.md"

TITLES = {
    "nothing": "an action that does nothing, with the same options",
    "in process": "mana.memory.dynamodb_table",
    "ping": "ansible.builtin.ping",
    "as a module": "mana.memory.dynamodb_table, forced to be a module",
    "community.aws": "community.aws.dynamodb_table",
    "botocore": "a bare botocore loop, its DescribeTable",
}
SHORT, ON_LOCALSTACK = "short loops", "short loops on LocalStack"


class Promise(NamedTuple):
    """What was promised, at most or at least, and what was measured."""

    title: str
    promise: float
    measured: float
    least: bool = False

    @property
    def met(self) -> bool:
        """Whether it is kept."""
        return self.measured >= self.promise if self.least else self.measured <= self.promise


class Data:
    """The parts that were measured, each with the machine of its run."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data

    def __contains__(self, part: str) -> bool:
        return part in self._data

    def __getitem__(self, part: str) -> Any:
        return self._data[part]["found"]

    @property
    def machines(self) -> list[str]:
        """Each machine and day, with the parts that were measured there unless all were."""
        parts: dict[str, list[str]] = {}
        for part, each in self._data.items():
            told = {name: value for name, value in each["machine"].items() if name != "load before"}
            parts.setdefault(", ".join(f"{name} {value}" for name, value in told.items()), []).append(part)
        return [told if len(parts) == 1 else f"{', '.join(names)}: {told}" for told, names in parts.items()]


def write(found: Mapping[str, Any]) -> str:
    """Write page and plots; the answer says which promises are kept."""
    data = Data(found)
    for name, plot in plots(data).items():
        (DOCS / "benchmarks" / name).write_text(plot)
    PAGE.write_text(page(data))
    return targets(data)


def plots(data: Data) -> dict[str, str]:
    """The plots of what was measured, by the names of their files."""
    made = {}
    if SHORT in data:
        title = "Milliseconds for an item of a loop of 20, nothing to change"
        made["loop.svg"] = bars(title, data[SHORT], TITLES, ("in process", "as a module"))
    if "fleets" in data:
        title = "Milliseconds for a table as declared, many in one task"
        made["tables.svg"] = curves(title, "ms", [*_pace(data["fleets"])], logarithmic=True)
        title = "Memory of the worker"
        made["memory.svg"] = curves(title, "MB", [*_memory(data)], logarithmic=False)
    return made


def _pace(fleets: Mapping[str, Samples]) -> Iterable[Curve]:
    for latency, colour in ((f"with {LATENCY} ms", "far"), ("at no latency", "ours")):
        for name, contender in (("tables", "dynamodb_tables"), ("pool", "a bare pool")):
            samples = {
                size: [seconds / size * 1000 for seconds in each[name]]
                for size, each in _sizes(fleets, latency).items()
            }
            yield Curve(f"{contender}, {latency.removeprefix('at ')}", colour, name == "pool", samples)


def _memory(data: Data) -> Iterable[Curve]:
    sizes = _sizes(data["fleets"], "at no latency")
    yield Curve("dynamodb_tables", "ours", False, {size: each["megabytes"] for size, each in sizes.items()})
    if "sizes" in data:
        loops = {int(size): each for size, each in data["sizes"]["megabytes"].items()}
        yield Curve("dynamodb_table in a loop", "near", True, loops)


def _sizes(fleets: Mapping[str, Samples], latency: str) -> dict[int, Samples]:
    return {int(title.split()[0]): each for title, each in fleets.items() if title.endswith(latency)}


def page(data: Data) -> str:
    """The page: what was measured, on what, and how that compares with what was promised."""
    parts = [
        "# Benchmarks",
        "`make bench` writes this page, the plots and the raw data in [results.json](benchmarks/results.json);"
        " `make bench ARGS='fleets audits'` measures these parts anew. The contenders of a part run in turn, on the"
        " same Ansible, the same botocore and an endpoint of the same machine that answers at once (ministack, where no"
        " other is named). A figure is the median of its rounds; all of a loop's cost is in it.",
        "\n".join(f"- {each}" for each in data.machines),
        "## Promises and figures",
        targets(data),
    ]
    for part, tell in SECTIONS.items():
        if part in data:
            parts += tell(data)
    return "\n\n".join(parts) + "\n"


def _short_loops(data: Data) -> list[str]:
    there = {"ministack": data[SHORT], **({"LocalStack": data[ON_LOCALSTACK]} if ON_LOCALSTACK in data else {})}
    return [
        "## An item of a loop of 20, nothing to change",
        "![Milliseconds of an item](benchmarks/loop.svg)",
        table(
            ["", *(f"{name}, ms" for name in there)],
            ([TITLES[name], *(f"{median(found[name]):.1f}" for found in there.values())] for name in data[SHORT]),
        ),
        "On LocalStack the loop has 10 items. The promises in seconds and milliseconds were made on a machine on which"
        " an item of `ansible.builtin.ping` takes about 215 ms; here it takes"
        f" {median(data[SHORT]['ping']):.0f}. Ratios hold on any.",
    ]


def _long_loops(data: Data) -> list[str]:
    rows = ([TITLES[name], f"{median(found):.1f}"] for name, found in data["long loops"].items())
    return ["## An item of a loop of 200", table(["", "ms"], rows)]


def _loops_of_sizes(data: Data) -> list[str]:
    milliseconds, megabytes = data["sizes"]["milliseconds"], data["sizes"]["megabytes"]
    rows = ([size, f"{median(found):.1f}", f"{median(megabytes[size]):.0f}"] for size, found in milliseconds.items())
    return [
        "## Many tables in a loop",
        table(["tables", "ms for a table", "memory of the worker, MB"], rows),
    ]


def _fleets(data: Data) -> list[str]:
    rows = (
        [
            title,
            *(f"{median(found[name]):.2f}" for name in ("pool", "tables")),
            f"{median(found['tables']) / median(found['pool']):.2f}",
            f"{max(found['megabytes']):.0f}",
        ]
        for title, found in data["fleets"].items()
    )
    return [
        "## Many tables in one task",
        "![Milliseconds of a table](benchmarks/tables.svg)",
        "![Memory of the worker](benchmarks/memory.svg)",
        table(
            ["tables as declared", "a bare pool of threads, s", "mana.memory.dynamodb_tables, s", "ratio", "MB"], rows
        ),
        "The pool makes the same DescribeTable calls with the same number of threads, and nothing else. The smallest"
        " tasks cost what any task costs. That a run which is killed at any moment makes no table twice and leaves no"
        " unsure write untold is a test, `make test-kills`.",
    ]


def _creations(data: Data) -> list[str]:
    found = _medians(data["creations"])
    titles = {
        "one": "one table",
        "all at once": f"{CREATED} tables, with `first: 0`",
        "one first": f"{CREATED} tables, of which one goes first, as it is by default",
    }
    return [
        "## New tables with an index, behind the gate",
        table(["", "s"], ([titles[name], f"{seconds:.1f}"] for name, seconds in found.items())),
        f"The [gate](testing.md#endpoints) takes {A_SECOND} creations a second, six at once after a rest, and throttles"
        " the others as AWS does. All tables were made. Behind it a table is ready after three looks; at AWS one with"
        " an index took 14 to 22 s, which a first table adds to the whole.",
    ]


def _audits(data: Data) -> list[str]:
    found = _medians(data["audits"])
    rows = [
        [f"`dynamodb_tables` with `details`, in check mode, {AUDITED} tables", f"{found['compare']:.2f}"],
        ["`audit` of these, no report", f"{found['verdict']:.2f}"],
        ["`audit` of these, with all reports", f"{found['verdict with all reports']:.2f}"],
        [
            f"`community.aws.dynamodb_table` in a loop, in check mode: {AUDITED} times an item of {THEIR_LOOP}",
            f"{found['community.aws'] * AUDITED / 1000:.1f}",
        ],
    ]
    return [f"## An audit of {AUDITED} tables", table(["", "s"], rows)]


def _singles(data: Data) -> list[str]:
    rows = (
        [kind, f"{median(found['nothing']):.0f}", f"{median(found['in process']):.0f}"]
        for kind, found in data["single tasks"].items()
    )
    return ["## A task without a loop", table(["", "nothing, ms", "mana.memory.dynamodb_table, ms"], rows)]


def _calls(data: Data) -> list[str]:
    theirs = data["calls"]["community.aws"]
    rows = ([title, str(number), str(theirs.get(title, "-"))] for title, number in data["calls"]["mana.memory"].items())
    return ["## API calls of a run without changes", table(["declared", "mana.memory", "community.aws"], rows)]


def _site(data: Data) -> list[str]:
    rows = [["`ansible-playbook playbooks/site.yml` on a system in sync", f"{median(data['site']):.1f}"]]
    if "apply" in data:
        rows += [
            [f"`make apply`, the {which} in a fresh clone", f"{took:.1f}"] for which, took in data["apply"].items()
        ]
    return ["## The whole job", table(["", "s"], rows)]


SECTIONS: dict[str, Callable[[Data], list[str]]] = {
    SHORT: _short_loops,
    "long loops": _long_loops,
    "sizes": _loops_of_sizes,
    "fleets": _fleets,
    "creations": _creations,
    "audits": _audits,
    "single tasks": _singles,
    "calls": _calls,
    "site": _site,
}


def targets(data: Data) -> str:
    """Promises beside measurements."""
    promises = [promise for part, tell in PROMISES.items() if part in data for promise in tell(data)]
    return table(
        ["", "promise", "measured", ""],
        (
            [
                each.title,
                f"at {'least' if each.least else 'most'} {each.promise:g}",
                f"{each.measured:.2f}" if abs(each.measured) < 10 else f"{each.measured:.1f}",
                "met" if each.met else "**missed**",
            ]
            for each in promises
        ),
    )


def _of_loops(data: Data) -> Iterable[Promise]:
    short = _medians(data[SHORT])
    yield Promise("as a module, against ping", 1.9, short["as a module"] / short["ping"])
    yield Promise("community.aws against ours as a module", 1.6, short["community.aws"] / short["as a module"], True)
    if "long loops" in data:
        long = _medians(data["long loops"])
        bare = long["botocore"] + long["nothing"]
        yield Promise("item of a loop of 200, ms", 12, long["in process"])
        yield Promise("the same, against botocore and an action that does nothing", 1.3, long["in process"] / bare)
        theirs = short["community.aws"] / long["in process"]
        yield Promise("community.aws in a loop of 20 against ours of 200", 40, theirs, True)


def _on_localstack(data: Data) -> Iterable[Promise]:
    there = _medians(data[ON_LOCALSTACK])
    yield Promise("as a module, against ping, on LocalStack", 1.9, there["as a module"] / there["ping"])
    ratio = there["community.aws"] / there["as a module"]
    yield Promise("community.aws against ours as a module, on LocalStack", 1.6, ratio, True)


def _of_sizes(data: Data) -> Iterable[Promise]:
    milliseconds, megabytes = (_medians(data["sizes"][kind]) for kind in ("milliseconds", "megabytes"))
    yield Promise("ms for a table in a loop, 1,000 against 10", 1.2, milliseconds["1000"] / milliseconds["10"])
    yield Promise("MB of a loop of 1,000 above one of 10", 15, megabytes["1000"] - megabytes["10"])


def _of_fleets(data: Data) -> Iterable[Promise]:
    for latency, promise in (("at no latency", 1.3), (f"with {LATENCY} ms", 1.1)):
        found = {size: _medians(each) for size, each in _sizes(data["fleets"], latency).items()}
        a_table = {size: each["tables"] / size for size, each in found.items()}
        yield Promise(
            f"1,000 tables in one task {latency}, against a bare pool of threads",
            promise,
            found[1000]["tables"] / found[1000]["pool"],
        )
        for size in (10, 100):
            title = f"ms for a table in one task {latency}, 1,000 against {size}"
            yield Promise(title, 1.2, a_table[1000] / a_table[size])
    for size, most in ((1000, 120), (5000, 200)):
        samples = [each["megabytes"] for title, each in data["fleets"].items() if title.startswith(f"{size} ")]
        yield Promise(f"MB of {size:,} tables in one task", most, max(value for each in samples for value in each))


def _of_creations(data: Data) -> Iterable[Promise]:
    found = _medians(data["creations"])
    title = f"{CREATED} new tables with an index, against {CREATED / A_SECOND:g} s and one table"
    yield Promise(title, 1.15, found["all at once"] / (CREATED / A_SECOND + found["one"]))


def _of_audits(data: Data) -> Iterable[Promise]:
    found = _medians(data["audits"])
    ours, theirs = found["compare"] + found["verdict"], found["community.aws"] * AUDITED / 1000
    yield Promise(f"an audit of {AUDITED} tables against a loop of community.aws", 150, theirs / ours, True)
    title = f"an audit of {AUDITED} tables with all reports against none"
    yield Promise(title, 1.2, (found["compare"] + found["verdict with all reports"]) / ours)


def _of_singles(data: Data) -> Iterable[Promise]:
    whole = _medians(data["single tasks"]["whole run"])
    title = "a run of a single task above one that does nothing, ms"
    yield Promise(title, 150, whole["in process"] - whole["nothing"])


def _of_apply(data: Data) -> Iterable[Promise]:
    yield Promise("`make apply`, the first in a fresh clone, s", 60, data["apply"]["first"])
    yield Promise("`make apply`, the second, s", 10, data["apply"]["second"])


PROMISES: dict[str, Callable[[Data], Iterable[Promise]]] = {
    SHORT: _of_loops,
    ON_LOCALSTACK: _on_localstack,
    "sizes": _of_sizes,
    "fleets": _of_fleets,
    "creations": _of_creations,
    "audits": _of_audits,
    "single tasks": _of_singles,
    "site": lambda data: [Promise("`site.yml` in sync, s", 3, median(data["site"]))],
    "apply": _of_apply,
}


def _medians(samples: Samples) -> dict[str, float]:
    return {name: median(each) for name, each in samples.items()}


def table(head: list[str], rows: Iterable[list[str]]) -> str:
    """A table in Markdown, numbers to the right."""
    lines = [head, ["---", *(["---:"] * (len(head) - 1))], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
