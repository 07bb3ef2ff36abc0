# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A connection plugin that differs from Ansible's own in its name alone."""

from __future__ import annotations

DOCUMENTATION = """
name: elsewhere
short_description: this machine, by another name
description: As the connection local.
"""
from ansible.plugins.connection.local import Connection as Local


class Connection(Local):  # type: ignore[misc]  # Ansible has no types
    transport = "elsewhere"
