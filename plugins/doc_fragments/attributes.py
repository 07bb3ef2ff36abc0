# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The attributes that every module of this collection supports."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/mana.memory.aws) in C(module_defaults) to set the connection options for all modules.
    support: full
    membership:
      - mana.memory.aws
"""

    WRITES = r"""
options: {}
attributes:
  check_mode:
    description: Plans what a real run would do, with the same steps, sentences and refusals, and changes nothing.
    support: full
  diff_mode:
    description: Shows the state before and after in option names, and the numbered steps between.
    support: full
  idempotent:
    description: A second run changes nothing.
    support: full
"""

    READS = r"""
options: {}
attributes:
  check_mode:
    description: Only reads, so that check mode makes no difference.
    support: full
  diff_mode:
    description: Changes nothing, so that there is nothing to show.
    support: N/A
  idempotent:
    description: Only reads.
    support: full
"""
