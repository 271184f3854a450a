from __future__ import annotations

from pathlib import Path

import pytest

from data.home import Home
from tests.data.feeds.fake_lake import FakeLake, home_of_kind


@pytest.fixture
def lake() -> FakeLake:
    return FakeLake()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return home_of_kind(tmp_path / "home")
