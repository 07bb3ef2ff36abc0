# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Masks secrets in the way of the installed Ansible.

Until ansible-core 2.21, whoever makes a result removes the secrets from it. From 2.22 on, Ansible is given the secrets
and masks them in everything that it shows; a result that a play registers keeps them.
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
    """The value, masked so that Ansible shows no secret of it."""
    if register_secrets is not None:
        register_secrets(secrets)
        return value
    from ansible.module_utils.common.parameters import remove_values

    return remove_values(value, secrets)
