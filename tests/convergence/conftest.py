"""Registers the profile of many random pairs, before hypothesis looks for the one that the command line names."""

from __future__ import annotations

from hypothesis import settings

from tests.convergence.settings import RANDOM

settings.register_profile("random", RANDOM)
