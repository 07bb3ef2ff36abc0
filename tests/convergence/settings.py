"""How hypothesis goes about it: the same sample in every run; with the profile ``random`` many, others each time."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# An endpoint takes its time, and a failure is told so that it can be had again.
RANDOM = settings(deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow], max_examples=256)
SAMPLE = settings(RANDOM, derandomize=True, database=None, max_examples=25)


def chosen() -> settings:
    """The settings of this run."""
    return RANDOM if settings.get_current_profile_name() == "random" else SAMPLE
