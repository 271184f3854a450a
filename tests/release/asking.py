"""The application over a home, asked as one of its personas."""

from __future__ import annotations

from dash import Dash
from starlette.testclient import TestClient

from dashboard.access.viewing import PERSONA_COOKIE, Personas
from dashboard.application import create_app
from dashboard.settings import Settings
from tests.dashboard.conftest import ORIGIN
from tests.release.worlds import SECRET, World


class Asking:
    """One world's application, asked as the viewer."""

    def __init__(self, world: World, viewer: str) -> None:
        self.app: Dash = create_app(Settings(), world.store)
        cookie = Personas(world.store, SECRET).signed(viewer)
        headers = {"Origin": ORIGIN, "Cookie": f"{PERSONA_COOKIE}={cookie}"}
        self.client = TestClient(self.app.server, base_url=ORIGIN, headers=headers)

    def __enter__(self) -> Asking:
        self.client.__enter__()
        return self

    def __exit__(self, *told: object) -> None:
        self.client.__exit__(None, None, None)
