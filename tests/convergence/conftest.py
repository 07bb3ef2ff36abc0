"""Imports what registers the profile, before hypothesis looks for the one that the command line names."""

from __future__ import annotations

import tests.convergence.settings  # noqa: F401
