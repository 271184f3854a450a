"""The application over the store of canned answers, in a process of its own, so that the answers stay there.

`python -m tests.dashboard.fake_server PORT HOME` serves on 127.0.0.1 until it is ended.
"""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn

from dashboard.application import create_app
from dashboard.languages import LANGUAGES
from dashboard.settings import Settings
from data.home import Home
from tests.dashboard import fakes


def main(port: int, home: Path) -> None:
    fakes.install(setattr)
    # WATCHFLOOR_IDENTITY comes from the environment
    settings = Settings(PORT=port, WATCHFLOOR_LANGUAGES=",".join(LANGUAGES))  # type: ignore[call-arg]
    app = create_app(settings, fakes.FakeStore(Home(home)))  # type: ignore[arg-type]
    uvicorn.run(app.server, host="127.0.0.1", port=port, log_level="error")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
