# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

from ..modules import sts_assume_role
from ..plugin_utils.in_process import action


class ActionModule(action(sts_assume_role, "sts")):  # type: ignore[misc]
    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the task, and hide a result that holds credentials; a refusal is shown."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        if "sts_creds" in result:
            self._task.no_log = True  # ansible-core before 2.19 looks at the task
            result["_ansible_no_log"] = True
        return result
