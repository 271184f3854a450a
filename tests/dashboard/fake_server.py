"""The application over the store of canned answers, in a process of its own, so that the answers stay there.

`python -m tests.dashboard.fake_server PORT HOME [READER]` serves on 127.0.0.1 until it is ended.
"""

from __future__ import annotations

import sys
from pathlib import Path

from dashboard.application import create_app
from dashboard.languages import LANGUAGES
from dashboard.serving import Reader, run
from dashboard.settings import Settings
from data.home import Home
from tests.dashboard import fakes


def main(port: int, home: Path, reader: Reader = "auto") -> None:
    fakes.install(setattr)
    # WATCHFLOOR_IDENTITY comes from the environment
    settings = Settings(PORT=port, WATCHFLOOR_LANGUAGES=",".join(LANGUAGES))  # type: ignore[call-arg]
    app = create_app(settings, fakes.FakeStore(Home(home)))  # type: ignore[arg-type]
    run(app.server, "127.0.0.1", port, reader)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])  # type: ignore[arg-type]
