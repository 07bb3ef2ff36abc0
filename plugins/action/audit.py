# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import os
from typing import Any

from ..modules import audit
from ..plugin_utils.in_process import action


class ActionModule(action(audit)):  # type: ignore[misc]
    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """A file is where the user who runs the playbook is. An incomplete audit ends as Ansible's exit status 4."""
        for option in ("baseline_file", "report"):
            if self._task.args.get(option):
                self._task.args[option] = os.path.join(os.getcwd(), os.path.expanduser(str(self._task.args[option])))
        result: dict[str, Any] = super().run(tmp, task_vars)
        if result.get("failed") and result.get("status") == audit.INCOMPLETE:
            result.update(failed=False, unreachable=True)
        return result
