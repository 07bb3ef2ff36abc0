# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A bare loop of botocore calls: prints the seconds of each DescribeTable."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import botocore.session

client: Any = botocore.session.get_session().create_client("dynamodb")
client.describe_table(TableName="bench-0")
seconds = []
for number in range(int(sys.argv[1])):
    begin = time.monotonic()
    client.describe_table(TableName=f"bench-{number}")
    seconds.append(time.monotonic() - begin)
print(json.dumps(seconds))
