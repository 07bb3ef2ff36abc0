# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Registers the profile of many random pairs, before hypothesis looks for the one that the command line names."""

from __future__ import annotations

from hypothesis import settings

from tests.convergence.settings import RANDOM

settings.register_profile("random", RANDOM)
