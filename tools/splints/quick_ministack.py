# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Ministack's application, which builds a vector index in half a second in place of twelve."""

from __future__ import annotations

from ministack.app import app
from ministack.services import dynamodb

__all__ = ["app"]

dynamodb._VECTOR_ALLOCATION_SECONDS = 0.2
dynamodb._VECTOR_BACKFILL_SECONDS = 0.3
