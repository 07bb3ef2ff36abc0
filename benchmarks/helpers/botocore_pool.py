# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A bare pool of threads with botocore: prints the seconds of so many DescribeTable, the client included.

botocore_pool.py TABLES THREADS
"""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import botocore.session
from botocore.config import Config

tables, threads = int(sys.argv[1]), int(sys.argv[2])
begin = time.monotonic()
client: Any = botocore.session.get_session().create_client("dynamodb", config=Config(max_pool_connections=threads))
with ThreadPoolExecutor(threads) as pool:
    answers = list(pool.map(lambda number: client.describe_table(TableName=f"bench-{number}"), range(tables)))
print(time.monotonic() - begin)
