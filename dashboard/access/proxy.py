"""A server before this one says who is asking. Believed only from its own address and with its own secret.

The header is refused wherever it could be another's: doubled, with a comma (servers join doubled headers by
one), beside a twin that some server would take for the same name (`X_Auth_User`), from another address, or
without the secret (release policy, A5).
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable
from dataclasses import dataclass

from dashboard.access.asker import Asking
from dashboard.access.requests import Headers
from dashboard.access.viewing import Policies
from data.account import IDENTIFIER, PREFIX
from data.accounts import account_of
from data.home import Home
from data.identity_file import ProxySettings
from data.viewer import Viewer

log = logging.getLogger("watchfloor.access")

SECRET_HEADER = "x-watchfloor-secret"


@dataclass(frozen=True)
class ByProxy:
    """The account that the proxy names. `settings` are asked at every request."""

    store: Policies
    home: Home
    settings: Callable[[], ProxySettings]

    def asker(self, asking: Asking) -> Viewer | None:
        """The account of the header, as long as its partner takes part; None for all that is doubtful."""
        settings = self.settings()
        fault = _fault(asking, settings)
        if fault:
            log.warning("a request was not believed: %s", fault)
            return None
        account = account_of(self.home, f"{PREFIX}{asking.headers.values[settings.header]}")
        if account is None or account.partner not in self.store.policy().partners:
            return None
        return Viewer((account.identity(),))


def _fault(asking: Asking, settings: ProxySettings) -> str:
    """Why the header is not believed; empty when it is. What it held is not told: it may be anything."""
    headers = asking.headers
    claims = (
        (asking.address == settings.address, "it comes from another address than the proxy's"),
        (not _is_twofold(headers, SECRET_HEADER), "its secret comes twice"),
        (not _is_twofold(headers, settings.header), "its user comes twice"),
        (_is_secret(headers, settings), "it has no secret, or another"),
        (IDENTIFIER.fullmatch(headers.values.get(settings.header, "")), "its user is no id of an account"),
    )
    return next((words for holds, words in claims if not holds), "")


def _is_secret(headers: Headers, settings: ProxySettings) -> bool:
    given = headers.values.get(SECRET_HEADER, "").encode("latin-1", "replace")
    return hmac.compare_digest(given, settings.secret.encode())


def _is_twofold(headers: Headers, name: str) -> bool:
    """Whether a header came twice, or beside one of a name that is read as the same elsewhere."""
    twins = [given for given in headers.values if _alike(given) == _alike(name)]
    return name in headers.doubled or twins not in ([], [name])


def _alike(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
