# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Measure what a task costs, beside community.aws, a bare botocore loop and Ansible's own cost, in one run.

    run.py                   measure, and write docs/benchmarks/results.json and what follows from it
    run.py --rounds 3        with fewer rounds than the usual 5
    run.py --no-apply        without the two runs of `make apply` in a fresh clone, which download
    run.py --write           write the page and the plot again from the data that is there

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
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.report import DATA, write  # noqa: E402 - the checkout is no package that is installed
from tools.endpoint import CACHE, Endpoint, running, without_aws  # noqa: E402

BIN = CACHE / "bench/bin"
HELPERS = ROOT / "benchmarks/helpers"

OURS, THEIRS = "mana.memory.dynamodb_table", "community.aws.dynamodb_table"
TABLE = {"name": "bench-{{ item }}", "hash_key_name": "pk", "range_key_name": "sk", "billing_mode": "PAY_PER_REQUEST"}
FORCED = {"vars": {"mana_memory_in_process": False}}

# A task by the name of its contender. The action that does nothing gets the same options, which Ansible templates.
TASKS: dict[str, dict[str, Any]] = {
    "nothing": {"nothing": TABLE},
    "in process": {OURS: TABLE},
    "ping": {"ansible.builtin.ping": {}},
    "as a module": {OURS: TABLE, **FORCED},
    "community.aws": {THEIRS: TABLE},
}
SHORT_LOOP, LONG_LOOP = 20, 200
SIZES = (10, 100, 1000)
MANY = "mana.memory.dynamodb_tables"
AUDITED = 200  # tables
THREADS = 32  # the default of its concurrency, and those of the bare pool
LATENCY = 25  # ms, as to AWS
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

Samples = dict[str, list[float]]


class Bench:
    """Runs playbooks against an endpoint and keeps every time that was measured."""

    def __init__(self, folder: Path, endpoint: Endpoint, rounds: int) -> None:
        self.folder = folder
        self.endpoint = endpoint
        self.rounds = rounds
        link = folder / "ansible_collections/mana/memory"
        if not link.exists():
            link.parent.mkdir(parents=True)
            link.symlink_to(ROOT)

    def environment(self, **settings: str) -> dict[str, str]:
        """The endpoint's environment, with our collection, and no other than the bench's own."""
        return {
            **without_aws(os.environ),
            **self.endpoint.environment,
            "ANSIBLE_COLLECTIONS_PATH": str(self.folder),
            "ANSIBLE_ACTION_PLUGINS": str(HELPERS / "action"),
            "ANSIBLE_CALLBACK_PLUGINS": str(HELPERS / "callback"),
            "ANSIBLE_CALLBACKS_ENABLED": "timing",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "BENCH_TIMES": str(self.folder / "times.json"),
            **settings,
        }

    def play(self, tasks: list[dict[str, Any]], **settings: str) -> dict[str, Any]:
        """The seconds of each task, those of the whole run, and the memory of its workers."""
        playbook = self.folder / "playbook.json"
        playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
        return self.command([str(BIN / "ansible-playbook"), str(playbook)], **settings)

    def command(self, words: list[str], **settings: str) -> dict[str, Any]:
        """Run any command of Ansible, as ``play`` does."""
        begin = time.monotonic()
        run(words, self.environment(**settings), self.folder)
        whole = time.monotonic() - begin
        return {**json.loads((self.folder / "times.json").read_text()), "whole": whole}

    def in_turn(self, contenders: dict[str, Callable[[], float]]) -> Samples:
        """The samples of each contender, taken in turn, so that a busy moment hits all of them."""
        samples: Samples = {name: [] for name in contenders}
        for _round in range(self.rounds):
            for name, measure in contenders.items():
                samples[name].append(measure())
        return samples

    def loop(self, contender: str, items: int) -> Callable[[], float]:
        """Measures the milliseconds of an item, all that a loop costs included."""
        task = {"name": contender, **TASKS[contender], "loop": list(range(items))}
        return lambda: self.play([task])["seconds"][contender] / items * 1000

    def make_tables(self, number: int) -> None:
        """Make the tables that the tasks then find."""
        self.play([{"name": "make", **TASKS["in process"], "loop": list(range(number))}])


def run(words: list[str], environment: dict[str, str], folder: Path) -> str:
    """The output of a command that has to succeed."""
    finished = subprocess.run(words, env=environment, cwd=folder, capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        sys.exit(f"{' '.join(words)}\n{finished.stdout}{finished.stderr}")
    return finished.stdout


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


def fleets(bench: Bench) -> dict[str, Samples]:
    """Seconds of many tables in one task, and of a bare pool of threads that makes the same reads; and megabytes."""
    with delayed(bench.endpoint) as url:
        found: dict[str, Samples] = {}
        for title, address in (("at no latency", ""), (f"with {LATENCY} ms", url)):
            settings = {"AWS_ENDPOINT_URL": address} if address else {}
            for size in SIZES:
                samples: Samples = {"pool": [], "tables": [], "megabytes": []}
                found[f"{size} {title}"] = samples
                for _round in range(bench.rounds):
                    words = [str(BIN / "python"), str(HELPERS / "botocore_pool.py"), str(size), str(THREADS)]
                    samples["pool"].append(float(run(words, bench.environment(**settings), bench.folder)))
                    seen = bench.play([many(size)], **settings)
                    samples["tables"].append(seen["seconds"]["many"])
                    samples["megabytes"].append(seen["worker_megabytes"])
    return found


def many(size: int, **others: Any) -> dict[str, Any]:
    """A task with so many tables."""
    defaults = {name: value for name, value in TABLE.items() if name != "name"}
    tables = [{"name": f"bench-{number}"} for number in range(size)]
    return {"name": "many", MANY: {"defaults": defaults, "tables": tables, "concurrency": THREADS, **others}}


def audits(bench: Bench) -> Samples:
    """Seconds of an audit of 200 tables as declared, without its reports and with all of them."""

    def audit(**given: Any) -> Callable[[], float]:
        compare = {**many(AUDITED, details=True), "check_mode": True, "register": "found"}
        verdict = {"name": "verdict", "mana.memory.audit": {"results": {"table": "{{ found.tables }}"}, **given}}
        return lambda: sum(bench.play([compare, verdict])["seconds"].values())

    return bench.in_turn({"no report": audit(), "all reports": audit(report=str(bench.folder / "reports"))})


@contextmanager
def delayed(endpoint: Endpoint) -> Iterator[str]:
    """The address of an endpoint that answers later."""
    words = [sys.executable, str(HELPERS / "latency.py"), endpoint.url.removeprefix("http://"), str(LATENCY)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as relay:
        if relay.stdin and relay.stdout:
            yield f"http://127.0.0.1:{relay.stdout.readline().strip()}"
            relay.stdin.close()


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


def measure(rounds: int, with_apply: bool) -> dict[str, Any]:
    """Everything, on endpoints of their own."""
    data: dict[str, Any] = {"machine": machine(), "rounds": rounds}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with running("ministack", folder / "ministack") as endpoint:
            bench = Bench(folder, endpoint, rounds)
            bench.make_tables(max(SIZES))
            for title, part in {
                "short loops": short_loops,
                "long loops": long_loops,
                "sizes": sizes,
                "fleets": fleets,
                "audits": audits,
                "single tasks": single_tasks,
                "calls": calls,
                "site": site,
            }.items():
                print(f"{title} ...", flush=True)
                data[title] = part(bench)
        if (CACHE / "localstack/stamp").exists():
            print("short loops on LocalStack ...", flush=True)
            with running("localstack", folder / "localstack") as endpoint:
                bench = Bench(folder, endpoint, rounds)
                bench.make_tables(SHORT_LOOP)
                data["short loops on LocalStack"] = short_loops(bench)
        if with_apply:
            print("make apply ...", flush=True)
            data["apply"] = apply(folder)
    return data


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-apply", action="store_true", help="leave out make apply")
    parser.add_argument("--write", action="store_true", help="only write the page and the plot again")
    options = parser.parse_args()
    if not options.write:
        DATA.parent.mkdir(parents=True, exist_ok=True)
        DATA.write_text(json.dumps(measure(options.rounds, not options.no_apply), indent=1) + "\n")
    print(write(json.loads(DATA.read_text())))


if __name__ == "__main__":
    main()
