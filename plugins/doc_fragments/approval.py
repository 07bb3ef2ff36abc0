# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The option of the modules that can be held to approved steps."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  approved_steps:
    description:
      - The steps that may be taken, as C(plan) of a result in check mode tells them. Fewer of them are taken where some
        are done.
      - Another step is refused, in check mode too, before the first write, or before that step where something changed
        on the way.
    type: list
    elements: dict
    version_added: 1.1.0
"""
