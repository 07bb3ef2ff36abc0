# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Writes how long each task took, and the most memory that a worker had, to the file that BENCH_TIMES names."""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import time
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: timing
type: aggregate
short_description: times tasks
description: Writes the time of each task to a file.
"""


class CallbackModule(CallbackBase):  # type: ignore[misc]
    """Sees each task begin and end."""

    CALLBACK_VERSION = 2.0
    CALLBACK_NAME = "timing"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self.begin = 0.0
        self.seconds: dict[str, float] = {}

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:  # noqa: ARG002
        """Note the time."""
        self.begin = time.monotonic()

    def v2_runner_on_ok(self, result: Any) -> None:
        """Take the time of the whole task, with all its items."""
        name = (getattr(result, "task", None) or result._task).get_name()
        self.seconds[name] = time.monotonic() - self.begin

    def v2_playbook_on_stats(self, stats: Any) -> None:  # noqa: ARG002
        """Write what was seen. A child counts once it has ended; the workers are the largest."""
        for worker in multiprocessing.active_children():
            worker.join()
        megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        seen = {"seconds": self.seconds, "worker_megabytes": megabytes}
        Path(os.environ["BENCH_TIMES"]).write_text(json.dumps(seen))
