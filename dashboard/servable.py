"""Whether a home may be served with these settings; what is wrong is one sentence."""

from __future__ import annotations

from dashboard.settings import Settings
from data.errors import SettingError
from data.identity_file import read_oidc, read_proxy
from data.store import Store

ACTUAL = "actual"


def check_servable(settings: Settings, store: Store) -> None:
    """Personas are nobody's identity: they are for this machine only, and never for an actual operation.

    Where people sign in from other machines, their passwords and sessions travel: that needs https. Raises
    SettingError, or PolicyError where the home's identity.toml is needed and wrong.
    """
    kind = store.policy().operation.kind
    if settings.identity == "personas":
        _check_personas(settings, kind)
    elif not settings.is_loopback and not settings.is_secure:
        raise SettingError(
            f"HOST is {settings.host!r}, which other machines reach, but WATCHFLOOR_PUBLIC_URL is"
            f" {settings.public_url!r}: expected the https address at which they do."
        )
    if settings.identity == "oidc":
        read_oidc(store.home, store.policy())
    if settings.identity == "proxy":
        read_proxy(store.home)


def _check_personas(settings: Settings, kind: str) -> None:
    if kind == ACTUAL:
        raise SettingError(
            "This home holds an actual operation, and nobody would know who asks: set WATCHFLOOR_IDENTITY"
            " to an identity source, such as accounts."
        )
    if not settings.is_loopback:
        raise SettingError(
            f"HOST is {settings.host!r}, but in this home of kind {kind!r} anyone may take any persona: serve"
            " it at 127.0.0.1, or set WATCHFLOOR_IDENTITY to an identity source."
        )
