# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Measure what a task costs, beside community.aws, a bare botocore loop and Ansible's own cost, in one run.

    run.py                   measure, and write docs/benchmarks/results.json and what follows from it
    run.py fleets audits     only these parts; of the others the data that is there stays
    run.py --rounds 1        with fewer rounds than the usual 3
    run.py --write           write the page and the plots again from the data that is there

All contenders run on the same Ansible, the same botocore and the same endpoint of this machine, in turn, and a
figure is the median of its rounds. An endpoint that answers at once shows what the modules themselves cost.
"""

from __future__ import annotations

import argparse
import collections
import http.client
import http.server
import json
import os
import platform
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

# The checkout is no package that is installed.
from benchmarks.fleets import AUDITED, MOST, SIZES, THREADS, audits, creations, fleets  # noqa: E402
from benchmarks.playing import BIN, HELPERS, OURS, TABLE, TASKS, THEIRS, Bench, Samples, run  # noqa: E402
from benchmarks.report import DATA, write  # noqa: E402
from tools.endpoint import CACHE, Endpoint, running, without_aws  # noqa: E402

SHORT_LOOP, LONG_LOOP = 20, 200
SINGLES = 10

# What is declared, and so read, beside the table.
PARTS: dict[str, dict[str, Any]] = {
    "the table alone": {},
    "and its tags": {"tags": {"purpose": "bench"}},
    "and its time to live": {"time_to_live": {"attribute_name": "ttl"}},
    "and its recovery": {"point_in_time_recovery": {"enabled": True}},
    "and all of these": {
        "tags": {"purpose": "bench"},
        "time_to_live": {"attribute_name": "ttl"},
        "point_in_time_recovery": {"enabled": True},
    },
}


def short_loops(bench: Bench) -> Samples:
    """An item of a loop of 20: every contender."""
    return bench.in_turn({name: bench.loop(name, SHORT_LOOP) for name in TASKS})


def long_loops(bench: Bench) -> Samples:
    """An item of a loop of 200: ours, and the parts that it cannot do without."""

    def botocore() -> float:
        words = [str(BIN / "python"), str(HELPERS / "botocore_loop.py"), str(LONG_LOOP)]
        seconds: list[float] = json.loads(run(words, bench.environment(), bench.folder))
        return sum(seconds) / len(seconds) * 1000

    contenders = {name: bench.loop(name, LONG_LOOP) for name in ("nothing", "in process")}
    return bench.in_turn({"botocore": botocore, **contenders})


def sizes(bench: Bench) -> dict[str, Samples]:
    """Milliseconds of a table and megabytes of the worker, for loops of 10, 100 and 1,000 tables."""
    found: dict[str, Samples] = {kind: {str(size): [] for size in SIZES} for kind in ("milliseconds", "megabytes")}
    for _round in range(bench.rounds):
        for size in SIZES:
            seen = bench.play([{"name": "loop", **TASKS["in process"], "loop": list(range(size))}])
            found["milliseconds"][str(size)].append(seen["seconds"]["loop"] / size * 1000)
            found["megabytes"][str(size)].append(seen["worker_megabytes"])
    return found


def single_tasks(bench: Bench) -> dict[str, Samples]:
    """Milliseconds of a task without a loop: the first of a run with all of the run, and each one after it."""
    found: dict[str, Samples] = {kind: {} for kind in ("whole run", "another task")}
    for name in ("nothing", "in process"):
        task = {**TASKS[name], "vars": {"item": 0}}
        found["whole run"][name], found["another task"][name] = [], []
        for _round in range(bench.rounds):
            found["whole run"][name].append(bench.play([{"name": "one", **task}])["whole"] * 1000)
            seen = bench.play([{"name": f"task {number}", **task} for number in range(SINGLES)])["seconds"]
            found["another task"][name].extend(seen[f"task {number}"] * 1000 for number in range(1, SINGLES))
    return found


def calls(bench: Bench) -> dict[str, dict[str, int]]:
    """The API calls of a run without changes, by what is declared, counted on their way to the endpoint."""
    found: dict[str, dict[str, int]] = {}
    with counting(bench.endpoint) as (url, counter):
        for contender, module in (("mana.memory", OURS), ("community.aws", THEIRS)):
            for title, declared in PARTS.items():
                if contender == "community.aws" and set(declared) - {"tags"}:
                    continue
                task = {"name": "run", module: {**TABLE, "name": "counted", **declared}}
                bench.play([task])
                counter.clear()
                bench.play([task], AWS_ENDPOINT_URL=url)
                found.setdefault(contender, {})[title] = sum(counter.values())
    return found


@contextmanager
def counting(endpoint: Endpoint) -> Iterator[tuple[str, collections.Counter[str]]]:
    """A proxy before the endpoint that counts the API calls by their names."""
    counter: collections.Counter[str] = collections.Counter()
    address = endpoint.url.removeprefix("http://")

    class Proxy(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            counter[self.headers["X-Amz-Target"]] += 1
            body = self.rfile.read(int(self.headers["Content-Length"]))
            onward = http.client.HTTPConnection(address)
            onward.request("POST", self.path, body, dict(self.headers))
            answer = onward.getresponse()
            content = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            onward.close()

        def log_message(self, *_words: Any) -> None:
            """Keep silent."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", counter
        server.shutdown()


def site(bench: Bench) -> list[float]:
    """Seconds of `ansible-playbook playbooks/site.yml` on a system that is in sync, all of it."""
    role = "mana-memory-bench"
    run([str(BIN / "python"), str(ROOT / "tools/lambda_role.py"), role], bench.environment(), bench.folder)
    playbook = str(ROOT / "playbooks/site.yml")
    words = [str(BIN / "ansible-playbook"), playbook, "-e", f"mana_memory_lambda_role_name={role}"]
    bench.command(words)
    return [bench.command(words)["whole"] for _round in range(bench.rounds)]


def apply(folder: Path) -> dict[str, float]:
    """Seconds of `make apply` in a fresh clone, and of the second one."""
    clone = folder / "clone"
    environment = without_aws(os.environ)
    run(["git", "clone", "--quiet", str(ROOT), str(clone)], environment, folder)
    found = {}
    try:
        for which in ("first", "second"):
            begin = time.monotonic()
            run(["make", "apply"], environment, clone)
            found[which] = time.monotonic() - begin
    finally:
        run(["make", "down"], environment, clone)
        shutil.rmtree(clone)
    return found


def machine() -> dict[str, Any]:
    """The machine of the measurements, without its name."""
    listing = run([str(BIN / "ansible-galaxy"), "collection", "list", "community.aws"], dict(os.environ), ROOT)
    script = "import ansible.release, botocore; print(ansible.release.__version__, botocore.__version__)"
    core, botocore = run([str(BIN / "python"), "-c", script], dict(os.environ), ROOT).split()
    cpus = [
        line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line
    ]
    return {
        "processor": cpus[0] if cpus else platform.machine(),
        "cores": os.cpu_count(),
        "load before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "ansible-core": core,
        "botocore": botocore,
        "community.aws": listing.split()[-1],
        "date": time.strftime("%Y-%m-%d"),
    }


def on_localstack(folder: Path, rounds: int) -> Samples:
    """Milliseconds of an item of a loop of 10, on LocalStack."""
    with running("localstack", folder / "localstack") as endpoint:
        bench = Bench(folder, endpoint, rounds)
        bench.python("make_tables.py", SHORT_LOOP // 2, THREADS)
        contenders = ("nothing", "in process", "ping", "as a module", "community.aws")
        return bench.in_turn({name: bench.loop(name, SHORT_LOOP // 2) for name in contenders})


# What is measured on ministack: how, and how many tables there have to be.
ON_MINISTACK: dict[str, tuple[Callable[[Bench], Any], int]] = {
    "short loops": (short_loops, SHORT_LOOP),
    "long loops": (long_loops, LONG_LOOP),
    "sizes": (sizes, max(SIZES)),
    "fleets": (fleets, MOST),
    "audits": (audits, AUDITED),
    "single tasks": (single_tasks, 1),
    "calls": (calls, 0),
    "site": (site, 0),
}
# What is measured on endpoints of its own.
ELSEWHERE: dict[str, Callable[[Path, int], Any]] = {
    "creations": creations,
    "short loops on LocalStack": on_localstack,
    "apply": lambda folder, _rounds: apply(folder),
}


def measure(parts: list[str], rounds: int) -> Iterator[tuple[str, Any]]:
    """The parts with what was measured, on endpoints of their own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        there = [part for part in ON_MINISTACK if part in parts]
        if there:
            with running("ministack", folder / "ministack") as endpoint:
                bench = Bench(folder, endpoint, rounds)
                bench.python("make_tables.py", max(ON_MINISTACK[part][1] for part in there), THREADS)
                for part in there:
                    yield part, timed(part, partial(ON_MINISTACK[part][0], bench))
        for part in (part for part in ELSEWHERE if part in parts):
            yield part, timed(part, partial(ELSEWHERE[part], folder, rounds))


def timed(part: str, act: Callable[[], Any]) -> Any:
    """What a part finds; how long that takes is printed."""
    print(f"{part} ...", end=" ", flush=True)
    begin = time.monotonic()
    found = act()
    print(f"{time.monotonic() - begin:.0f} s", flush=True)
    return found


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = {part.replace(" ", "-"): part for part in (*ON_MINISTACK, *ELSEWHERE)}
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"one of {', '.join(names)}; all where none is named")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="only write the page and the plots again")
    options = parser.parse_args()
    unknown = [part for part in options.parts if part not in names]
    if unknown:
        parser.error(f"there is no part {unknown[0]}; name one of {', '.join(names)}")
    data: dict[str, Any] = json.loads(DATA.read_text()) if DATA.exists() else {}
    if not options.write:
        chosen = [names[part] for part in options.parts] or [*names.values()]
        if not (CACHE / "localstack/stamp").exists():
            chosen = [part for part in chosen if not part.endswith("LocalStack")]
        of_part = {"rounds": options.rounds, **machine()}
        for part, found in measure(chosen, options.rounds):
            data[part] = {"machine": of_part, "found": found}
            DATA.parent.mkdir(parents=True, exist_ok=True)
            DATA.write_text(json.dumps(data, indent=1) + "\n")
    print(write(data))


if __name__ == "__main__":
    main()
