# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Make the tables that the tasks then find.

make_tables.py TABLES THREADS
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import botocore.session
from botocore.config import Config

tables, threads = int(sys.argv[1]), int(sys.argv[2])
client: Any = botocore.session.get_session().create_client("dynamodb", config=Config(max_pool_connections=threads))


def make(number: int) -> None:
    """Make one of them."""
    client.create_table(
        TableName=f"bench-{number}",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        BillingMode="PAY_PER_REQUEST",
    )


with ThreadPoolExecutor(threads) as pool:
    list(pool.map(make, range(tables)))
