# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A store of other people that searches by vectors, run by a Python that has it: which one, a table, and functions.

    vector_client.py langgraph TABLE DIMENSIONS remember search forget

Each function prints its answer, or the error that it threw, as a line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import zlib
from collections.abc import Callable, Mapping

TEXTS = {"drink": "likes green tea", "seat": "sits by the window", "pet": "has a grey cat"}
QUESTION = "which tea"

Functions = Mapping[str, Callable[[], object]]


def embedding(text: str, dimensions: int) -> list[float]:
    """A vector to which each word of a text contributes: texts with a word in common are near each other."""
    vector = [0.0] * dimensions
    for word in text.split():
        vector[zlib.crc32(word.encode()) % dimensions] += 1.0
    return vector


def langgraph(table: str, dimensions: int) -> Functions:
    """LangGraph's store for memories of agents."""
    from langgraph_checkpoint_aws import DynamoDBStore

    def embed(texts: list[str]) -> list[list[float]]:
        return [embedding(text, dimensions) for text in texts]

    store = DynamoDBStore(table, index={"embed": embed, "dims": dimensions, "fields": ["text"]})
    user = ("user", "u1")

    def remember() -> None:
        for key, text in TEXTS.items():
            store.put(user, key, {"text": text})

    def forget() -> None:
        for key in TEXTS:
            store.delete(user, key)

    return {
        "setup": store.setup,
        "remember": remember,
        "search": lambda: [item.value["text"] for item in store.search(user, query=QUESTION, limit=1)],
        "read": lambda: sorted(store.get(user, key).value["text"] for key in TEXTS),
        "list": lambda: sorted(item.value["text"] for item in store.search(user)),
        "forget": forget,
    }


def strands(table: str, dimensions: int) -> Functions:
    """The memory of Strands Agents, by AWS."""
    from strands_dynamodb_storage import DynamoDBMemoryStore, DynamoDBStorage

    storage = DynamoDBStorage(table).namespace("user/u1")
    memory = DynamoDBMemoryStore(storage, embedder=lambda text: embedding(text, dimensions))

    async def remember() -> None:
        for text in TEXTS.values():
            await memory.add(text)

    async def search() -> list[str]:
        return [entry.content for entry in await memory.search(QUESTION, {"max_search_results": 1})]

    async def read() -> list[str]:
        return [(await storage.read(key)).decode() for key in await storage.list("memory/dynamodb/")]

    async def forget() -> None:
        for key in await storage.list("memory/dynamodb/"):
            await storage.delete(key)

    return {
        "remember": lambda: asyncio.run(remember()),
        "search": lambda: asyncio.run(search()),
        "read": lambda: sorted(asyncio.run(read())),
        "forget": lambda: asyncio.run(forget()),
    }


def reasons(error: BaseException | None) -> list[str]:
    """An error and its causes, from the outermost to the first."""
    return [f"{type(error).__name__}: {error}", *reasons(error.__cause__)] if error else []


def answer(function: Callable[[], object]) -> dict[str, object]:
    """The value that a function returned, or its error."""
    try:
        return {"result": function()}
    except Exception as error:  # whatever a store of other people throws is what the test asks for
        return {"error": "\n".join(reasons(error))}


if __name__ == "__main__":
    store, table, dimensions, *names = sys.argv[1:]
    functions = {"langgraph": langgraph, "strands": strands}[store](table, int(dimensions))
    for name in names:
        print(json.dumps(answer(functions[name])), flush=True)
