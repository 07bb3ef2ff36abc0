"""How hypothesis goes about it."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# An endpoint takes its time, and a failure is told so that it can be had again.
RANDOM = settings(deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
# The same pairs in every run.
SAMPLE = settings(RANDOM, derandomize=True, database=None)
