# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Mistakes in tasks of dynamodb_table_info."""

from __future__ import annotations

from plugins.modules import dynamodb_table_info as module
from tests.corpus.row import LEFT_OUT, Row

__all__ = ["ROWS", "SOUND", "module"]

SOUND = {"name": "corpus-new"}
ROWS = [
    Row("an empty name, which would be all tables", {"name": ""}, "name: '' is not a name that DynamoDB takes; use 3"),
    Row("a name with a space", {"name": "a b"}, "name: 'a b' is not a name that DynamoDB takes"),
    Row("a name of two letters", {"name": "ab"}, "name: 'ab' is not a name that DynamoDB takes"),
    Row("a picture", {"name": "\N{ROCKET}"}, "name: '\N{ROCKET}' is not a name that DynamoDB takes"),
    Row("a pattern", {"name": "team-*"}, "name: 'team-*' is not a name that DynamoDB takes"),
    Row("a list of names as text", {"name": "one,two"}, "name: 'one,two' is not a name that DynamoDB takes"),
    Row("the ARN of a bucket", {"name": "arn:aws:s3:::files"}, "name: 'arn:aws:s3:::files' is not a name"),
    Row("names with a mistake among them", {"name": LEFT_OUT, "names": ["corpus-new", "a b"]}, "names: 'a b' is not a"),
    Row("a name and a prefix", {"prefix": "corpus"}, "parameters are mutually exclusive", by_ansible=True),
    Row("a name and tags that are none", {"tags": "team"}, "tags: 'team' is not a mapping"),
    Row("the option of the API", {"table_name": "corpus-new"}, "table_name", by_ansible=True),
]
