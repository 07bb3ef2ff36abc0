# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A relay before an endpoint that holds each answer back: prints its port, and ends with its input.

latency.py HOST:PORT MILLISECONDS
"""

from __future__ import annotations

import asyncio
import sys

UPSTREAM, DELAY = sys.argv[1].split(":"), float(sys.argv[2]) / 1000
CHUNK = 65536


async def hand_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float) -> None:
    """Hand on what comes, each part after a delay."""
    while part := await reader.read(CHUNK):
        await asyncio.sleep(delay)
        writer.write(part)
    writer.close()


async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Relay one connection."""
    onward, away = await asyncio.open_connection(UPSTREAM[0], int(UPSTREAM[1]))
    await asyncio.gather(hand_on(reader, away, 0), hand_on(onward, writer, DELAY), return_exceptions=True)


async def main() -> None:
    """Serve until there is no more input."""
    server = await asyncio.start_server(relay, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
