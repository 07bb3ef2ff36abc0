# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A become plugin that differs from Ansible's own in its name alone."""

from __future__ import annotations

DOCUMENTATION = """
name: same
short_description: the same user, by another way
description: Becomes nobody else.
options:
  become_user: {description: the user}
  become_exe: {description: the command}
  become_flags: {description: its flags}
  become_pass: {description: the password}
"""
from typing import Any

from ansible.plugins.become import BecomeBase


class BecomeModule(BecomeBase):  # type: ignore[misc]  # Ansible has no types
    name = "same"

    def build_become_command(self, cmd: Any, shell: Any) -> Any:
        super().build_become_command(cmd, shell)
        return self._build_success_command(cmd, shell)
