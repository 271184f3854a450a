"""The application over a home, asked as one of its personas."""

from __future__ import annotations

from unittest.mock import patch

from dash import Dash
from starlette.testclient import TestClient

from dashboard.access import recorded
from dashboard.access.viewing import PERSONA_COOKIE, Personas
from dashboard.application import create_app
from dashboard.settings import Settings
from data.audit.trail import Trail
from data.clock import fixed_clock
from tests.dashboard.conftest import ORIGIN
from tests.factories import NOW
from tests.release.worlds import SECRET, World


class Asking:
    """One world's application, asked as the viewer.

    Whoever may read the trail reads the times of its entries: its clock stands, and the same View is one
    entry however long the test takes.
    """

    def __init__(self, world: World, viewer: str) -> None:
        self._world = world
        trail = Trail.open(world.home, clock=fixed_clock(NOW))
        self.app: Dash = create_app(Settings(), world.store, trail)
        self.client = self.as_viewer(viewer)

    def as_viewer(self, viewer: str) -> TestClient:
        """A client of this application for one of its personas."""
        cookie = Personas(self._world.store, SECRET).signed(viewer)
        headers = {"Origin": ORIGIN, "Cookie": f"{PERSONA_COOKIE}={cookie}"}
        return TestClient(self.app.server, base_url=ORIGIN, headers=headers)

    def __enter__(self) -> Asking:
        with patch.object(recorded, "ONE_CLICK_SECONDS", float("inf")):  # read as the first request is let in
            self.client.__enter__()
        return self

    def __exit__(self, *told: object) -> None:
        self.client.__exit__(None, None, None)
