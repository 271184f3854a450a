"""What nobody foresaw: one constant answer, and in the log the way to the fault, without its words.

The words of an exception may hold a value, and so a record's content; application logs never do (release
policy, A3 Logs). What a server would log of an exception has them.
"""

from __future__ import annotations

import logging
import secrets
import traceback

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.words import _

log = logging.getLogger("watchfloor.dashboard")


def logged(error: BaseException) -> str:
    """Log where an exception came from and of what kind it is; the reference by which it is found there."""
    reference = secrets.token_hex(4)
    way = "".join(traceback.format_tb(error.__traceback__))
    log.error("fault %s: %s\n%s", reference, type(error).__name__, way)
    return reference


class Faults:
    """The ASGI middleware around everything that answers; the guard's headers are put on its answer too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:  # noqa: BLE001 - whatever it is, its words stay here
            logged(error)
            if not begun:
                await PlainTextResponse(_("Something went wrong"), 500)(scope, receive, send)
