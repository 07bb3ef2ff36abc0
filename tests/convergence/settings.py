# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How hypothesis goes about it: the same sample in every run; with the profile ``random`` many, others each time."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings

# An endpoint takes its time, and a failure is printed so that it can be repeated.
RANDOM = settings(deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow], max_examples=256)
# A failure of the sample is reported at once, not shrunk for minutes: a run of all tests has to end.
SAMPLE = settings(
    RANDOM, derandomize=True, database=None, max_examples=25, phases=(Phase.explicit, Phase.reuse, Phase.generate)
)


def chosen() -> settings:
    """The settings of this run."""
    return RANDOM if is_whole() else SAMPLE


def is_whole() -> bool:
    """Whether this run tries many pairs, others each time."""
    return settings.get_current_profile_name() == "random"
