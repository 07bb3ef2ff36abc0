# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from ..modules import iam_policy_simulation_info
from ..plugin_utils.in_process import action

ActionModule = action(iam_policy_simulation_info, "iam")
