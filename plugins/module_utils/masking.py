# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Secrets that nobody is shown, in the way of the installed Ansible.

Until ansible-core 2.21 what makes a result takes them out of it. From 2.22 on Ansible is told of them, and masks them
wherever it shows something; a result that a play keeps is whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

try:
    from ansible.module_utils.secrets import register_secrets
except ImportError:
    register_secrets = None
MASKS_WHAT_IT_SHOWS = register_secrets is not None


def masked(value: Any, secrets: Iterable[str]) -> Any:
    """A value of which no secret will be shown."""
    if register_secrets is not None:
        register_secrets(secrets)
        return value
    from ansible.module_utils.common.parameters import remove_values

    return remove_values(value, secrets)
