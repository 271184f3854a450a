"""A partner's system asks with its credential, in the header `Authorization: Bearer …`."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.access.asker import Asking
from dashboard.access.requests import Headers
from dashboard.access.viewing import Policies
from data.credentials import Credential, Credentials
from data.viewer import Viewer

SCHEME = "bearer"


@dataclass(frozen=True)
class ByCredential:
    """Whoever has none, or one that was taken back, or of a partner that takes part no more, is nobody."""

    store: Policies
    credentials: Credentials

    def asker(self, asking: Asking) -> Viewer | None:
        """Who posts with the credential of the header."""
        credential = self.credential(asking.headers)
        return credential.viewer() if credential is not None else None

    def credential(self, headers: Headers) -> Credential | None:
        """The credential itself."""
        scheme, _blank, secret = headers.values.get("authorization", "").partition(" ")
        if scheme.lower() != SCHEME:
            return None
        found = self.credentials.of(secret.strip())
        return found if found is not None and found.partner in self.store.policy().partners else None
