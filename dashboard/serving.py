"""Serving: uvicorn as it is set up here, whatever is served."""

from __future__ import annotations

from typing import Literal

import uvicorn
from starlette.types import ASGIApp

Reader = Literal["auto", "h11", "httptools"]


def run(server: ASGIApp, host: str, port: int, reader: Reader = "auto") -> None:
    """Serve until the process is ended. `reader` is what reads HTTP: the faster one that is there.

    No header says where a request comes from: `X-Forwarded-For` would let anybody claim the address of the
    proxy that is believed.
    """
    uvicorn.run(
        server,
        host=host,
        port=port,
        http=reader,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=3,  # streams of events are open as long as a page is
    )
