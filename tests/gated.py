# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The gate around ministack's application, for a server to start.

``GATE_WRITES_A_SECOND`` is the pace at which it takes writes; without it, it throttles none.
"""

from __future__ import annotations

import os

from ministack.app import app as ministack
from ministack.services import dynamodb

from tests.gate import Gate
from tests.law.pace import Pace

# Ministack lets vector indexes and imports take seconds of the wall clock. Here the gate's clock alone counts.
dynamodb._VECTOR_ALLOCATION_SECONDS = dynamodb._VECTOR_BACKFILL_SECONDS = 0.0
dynamodb._IMPORT_COMPLETE_AFTER_SEC = 0.0

a_second = os.environ.get("GATE_WRITES_A_SECOND")
app = Gate(ministack, Pace(float(a_second)) if a_second else None)
