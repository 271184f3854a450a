"""A request's body, read whole before anything behind the guard sees it."""

from __future__ import annotations

from starlette.types import Message, Receive

from dashboard.access.requests import MOST_BODY


async def whole_body(receive: Receive) -> bytes | None:
    """The body, or None when it is larger than allowed, whatever its stated length."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MOST_BODY:
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
