# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Stand in for the installer of pip that ansible-test downloads: the pip that Python brings will do."""

import ensurepip

ensurepip.bootstrap()
