"""The gate around ministack's application, for a server to start."""

from __future__ import annotations

from ministack.app import app as ministack

from tests.gate import Gate

app = Gate(ministack)
