# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The probe in the controller's process."""

from ansible_collections.mana.memory.plugins.plugin_utils.in_process import action
from ansible_collections.proof.ends.plugins.modules import probe

ActionModule = action(probe)
