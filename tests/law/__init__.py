# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""AWS's rules of DynamoDB's control plane as an executable model: what AWS refuses, and what a call makes of a table.

The referee judges recorded calls by it, and the gate calls as they come.
"""
