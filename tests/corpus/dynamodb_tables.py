# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Mistakes in tasks of dynamodb_tables; those of its tables have their number before them."""

from __future__ import annotations

from plugins.modules import dynamodb_tables as module
from tests.corpus.row import LIVE, PLAIN, Row

__all__ = ["ROWS", "SOUND", "module"]

NEW = {"name": "corpus-new", "hash_key_name": "pk"}
SOUND = {"tables": [NEW], "defaults": {"range_key_name": "sk"}}
WRONG = "1 of 1 tables cannot be as declared, or cannot be read, so that nothing was changed: corpus-new: "
ROWS = [
    Row("no thread", {"concurrency": 0}, "concurrency: 0 is out of range; give 1 to 64"),
    Row("a thousand threads", {"concurrency": 1000}, "concurrency: 1000 is out of range; give 1 to 64"),
    Row("fewer than none first", {"first": -1}, "first: -1 is out of range; give 0 or more"),
    Row("more than all may fail", {"max_fail_percentage": 101}, "max_fail_percentage: 101 is out of range; give 0 to"),
    Row("a journal in a file", {"journal": "/dev/null"}, "journal: /dev/null is not a folder that can be written"),
    Row("a name for a table", {"tables": ["corpus-new"]}, "tables[0]: 'corpus-new' is not a mapping"),
    Row("an option of no table", {"tables": [{**NEW, "hash_key": "pk"}]}, f"{WRONG}hash_key: a table has no such"),
    Row("a key in a table", {"tables": [{**NEW, "secret_key": "a secret"}]}, f"{WRONG}secret_key: it is said for all"),
    Row("a wrong type in a table", {"tables": [{**NEW, "tags": "a"}]}, f"{WRONG}tags: 'a' is not a mapping"),
    Row("a wrong type in the defaults", {"defaults": {"tags": "a"}}, f"{WRONG}defaults.tags: 'a' is not a mapping"),
    Row("a table twice", {"tables": [NEW, NEW]}, "2 of 2 tables cannot be"),
    Row("a role that is none", {"tables": [{**NEW, "role_arn": "ops"}]}, f"{WRONG}role_arn: 'ops' is not the ARN"),
    Row(
        "a table without a key, beside one that is there",
        {"tables": [{"name": "corpus-new"}, {"name": PLAIN}], "defaults": {}},
        f"{WRONG.replace('1 of 1', '1 of 2')}hash_key_name: table corpus-new does not exist",
        reads=True,
    ),
    Row(
        "other keys of a live table",
        {"tables": [{"name": LIVE, "hash_key_name": "other"}]},
        f"{WRONG.replace('corpus-new', LIVE)}hash_key_name: table corpus-live has",
        reads=True,
    ),
]
