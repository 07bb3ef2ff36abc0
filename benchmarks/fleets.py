# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What many tables in one task cost, beside what nobody can do without: reads, creations, audits."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.playing import HELPERS, TABLE, TASKS, Bench, Samples
from tools.endpoint import Endpoint, running

MANY, AUDIT = "mana.memory.dynamodb_tables", "mana.memory.audit"
SIZES = (10, 100, 1000)
MOST = 5000
THREADS = 32  # of the bare pool; of dynamodb_tables it is the default of concurrency
LATENCY = 25  # ms, as to AWS
CREATED, A_SECOND = 100, 5  # new tables, and how many of them the gate takes a second
AUDITED, THEIR_LOOP = 200, 10  # tables, and items of the loop of community.aws
INDEXED = {"indexes": [{"name": "gsi1", "type": "global_all", "hash_key_name": "gsi1pk"}]}


def fleets(bench: Bench) -> dict[str, Samples]:
    """Seconds of many tables in one task, and of a bare pool of threads that makes the same reads; and megabytes."""
    found: dict[str, Samples] = {}
    with delayed(bench.endpoint) as url:
        for _round in range(bench.rounds):
            for title, settings in (("at no latency", {}), (f"with {LATENCY} ms", {"AWS_ENDPOINT_URL": url})):
                for size in SIZES:
                    _sample(bench, size, found.setdefault(f"{size} {title}", {}), settings)
    _sample(bench, MOST, found.setdefault(f"{MOST} at no latency", {}), {})
    return found


def _sample(bench: Bench, size: int, samples: Samples, settings: dict[str, str]) -> None:
    pool = float(bench.python("botocore_pool.py", size, THREADS, **settings))
    seen = bench.play([many(size)], **settings)
    for name, value in (("pool", pool), ("tables", seen["seconds"]["many"]), ("megabytes", seen["worker_megabytes"])):
        samples.setdefault(name, []).append(value)


def many(size: int, prefix: str = "bench", **given: Any) -> dict[str, Any]:
    """A task with so many tables; what is given are options of each."""
    defaults = {name: value for name, value in TABLE.items() if name != "name"}
    tables = [{"name": f"{prefix}-{number}"} for number in range(size)]
    options = {"defaults": {**defaults, **given}, "tables": tables, "concurrency": THREADS}
    return {"name": "many", MANY: options}


@contextmanager
def delayed(endpoint: Endpoint) -> Iterator[str]:
    """The address of an endpoint that answers later."""
    words = [sys.executable, str(HELPERS / "latency.py"), endpoint.url.removeprefix("http://"), str(LATENCY)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as relay:
        if relay.stdin and relay.stdout:
            yield f"http://127.0.0.1:{relay.stdout.readline().strip()}"
            relay.stdin.close()


def creations(folder: Path, rounds: int) -> Samples:
    """Seconds of new tables with an index behind the gate, which throttles: one, a hundred, and these after a first.

    The last is measured once. A run that does not make all of them ends with an error, and so does the benchmark.
    """
    found: Samples = {"one": [], "all at once": [], "one first": []}
    with running("gate", folder / "gate", {"GATE_WRITES_A_SECOND": str(A_SECOND)}) as endpoint:
        bench = Bench(folder, endpoint, rounds)
        in_turn: list[tuple[str, int, dict[str, int]]] = [("one", 1, {}), ("all at once", CREATED, {"first": 0})]
        for number, (name, size, options) in enumerate([*in_turn * rounds, ("one first", CREATED, {})]):
            task = many(size, f"new-{number}", **INDEXED)
            task[MANY].update(options)
            time.sleep(2)  # after a rest the gate takes a few at once, as it does for each contender
            found[name].append(bench.play([task])["seconds"]["many"])
    return found


def audits(bench: Bench) -> Samples:
    """Seconds of many tables compared in one task, and of their verdict without and with all reports.

    Beside these, the milliseconds of a table in a loop of community.aws.
    """
    found: Samples = {"compare": [], "verdict": [], "verdict with all reports": [], "community.aws": []}
    compare = many(AUDITED)
    compare[MANY].update(details=True)
    compare = {**compare, "name": "compare", "check_mode": True, "register": "compared"}
    results = {"results": {"table": "{{ compared }}"}}
    verdict = {"name": "verdict", AUDIT: results}
    reports = {"name": "verdict with all reports", AUDIT: {**results, "report": str(bench.folder / "reports")}}
    theirs = {"name": "theirs", **TASKS["community.aws"], "check_mode": True, "loop": list(range(THEIR_LOOP))}
    for _round in range(bench.rounds):
        seconds = bench.play([compare, verdict, reports])["seconds"]
        for name in ("compare", "verdict", "verdict with all reports"):
            found[name].append(seconds[name])
        found["community.aws"].append(bench.play([theirs])["seconds"]["theirs"] / THEIR_LOOP * 1000)
    return found
