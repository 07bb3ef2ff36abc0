# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The option of the modules that can be held to approved steps."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  approved_steps:
    description:
      - The steps that may be taken, as in C(plan) of a result in check mode. Steps that are done by then are left out.
      - Any other step is refused, in check mode too, before the first write, or before the step itself if something
        changed during the run.
    type: list
    elements: dict
    version_added: 1.1.0
"""
