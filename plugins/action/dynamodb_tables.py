# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from ..modules import dynamodb_tables
from ..plugin_utils.in_process import action

ActionModule = action(dynamodb_tables, "dynamodb")
