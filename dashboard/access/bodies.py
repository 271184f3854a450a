"""A request's body, read whole before anything behind the guard sees it."""

from __future__ import annotations

from anyio import fail_after
from starlette.types import Message, Receive

BODY_SECONDS = 60.0
"""Whoever sends slower than this holds a connection for nothing."""


async def whole_body(receive: Receive, most: int) -> bytes | None:
    """The body, or None when it is larger than allowed, whatever its stated length.

    Raises TimeoutError when it has not come whole within BODY_SECONDS.
    """
    with fail_after(BODY_SECONDS):
        return await _received(receive, most)


async def _received(receive: Receive, most: int) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            return None
        if not message.get("more_body"):
            return b"".join(parts)


def replayed(body: bytes, receive: Receive) -> Receive:
    """The body once more for the application, then whatever comes (a disconnect)."""
    left = [body]

    async def again() -> Message:
        if left:
            return {"type": "http.request", "body": left.pop(), "more_body": False}
        return await receive()

    return again
