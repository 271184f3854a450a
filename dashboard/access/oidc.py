"""Signing in at an identity provider: OpenID Connect, authorization code with PKCE, and nothing else."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from dashboard.access.id_token import Expected, claims_of
from data.clock import Clock, system_clock
from data.errors import SignInRefused
from data.identity_file import LOOPBACK, OidcSettings

DISCOVERY = "/.well-known/openid-configuration"
KNOWN_FOR = 60.0
"""Seconds for which the provider's addresses and keys are kept: a key that it takes back is out soon."""

TIMEOUT = 10.0


@dataclass(frozen=True)
class Begun:
    """A sign-in under way. The browser keeps it, signed, until it comes back."""

    state: str
    nonce: str
    verifier: str
    back: str


@dataclass
class Provider:
    """The identity provider. `settings` are asked at each sign-in. Every method may wait for the network."""

    settings: Callable[[], OidcSettings]
    returns_to: str
    clock: Clock = system_clock
    _known: dict[str, tuple[float, Mapping[str, object]]] = field(default_factory=dict)

    def begin(self, back: str) -> tuple[str, Begun]:
        """Where the browser goes to, and what it keeps meanwhile. Raises SignInRefused."""
        settings = self.settings()
        begun = Begun(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48), back)
        session = self._session(settings)
        address, _state = session.create_authorization_url(
            self._endpoint(settings, "authorization_endpoint"),
            state=begun.state,
            nonce=begun.nonce,
            code_verifier=begun.verifier,
        )
        return str(address), begun

    def finish(self, begun: Begun, state: str, code: str, issuer: str = "") -> Mapping[str, object]:
        """The claims of whoever came back. Raises SignInRefused; its sentence is for the log.

        `issuer` is what the answer itself says (RFC 9207); empty where the provider does not.
        """
        settings = self.settings()
        if not code or not hmac.compare_digest(state.encode(), begun.state.encode()):
            raise SignInRefused("What came back is of no sign-in that was begun here.")
        if issuer and issuer != settings.issuer:
            raise SignInRefused("What came back is of another provider.")
        token = self._token(settings, begun, code)
        keys = self._keys(settings)
        expected = Expected(settings.issuer, settings.client_id, begun.nonce)
        access = token.get("access_token")
        return claims_of(
            str(token.get("id_token", "")), keys, expected, str(access) if access else "", self.clock
        )

    def _token(self, settings: OidcSettings, begun: Begun, code: str) -> Mapping[str, object]:
        endpoint = self._endpoint(settings, "token_endpoint")
        try:
            with self._session(settings) as session:
                token = session.fetch_token(
                    endpoint, code=code, code_verifier=begun.verifier, timeout=TIMEOUT, allow_redirects=False
                )
        except (AuthlibBaseError, requests.RequestException, ValueError) as error:
            raise SignInRefused(f"The provider gave no token: {type(error).__name__}.") from error
        if not isinstance(token, dict):
            raise SignInRefused("The provider gave no token.")
        return token

    def _session(self, settings: OidcSettings) -> OAuth2Session:
        return OAuth2Session(
            settings.client_id,
            settings.client_secret or None,
            token_endpoint_auth_method="client_secret_basic" if settings.client_secret else "none",
            scope=" ".join(settings.scopes),
            redirect_uri=self.returns_to,
            code_challenge_method="S256",
        )

    def _endpoint(self, settings: OidcSettings, name: str) -> str:
        """An address that the provider tells of itself; https, or on this machine as the provider is."""
        told = self._fetched(settings.issuer.rstrip("/") + DISCOVERY)
        address = told.get(name)
        if told.get("issuer") != settings.issuer:
            raise SignInRefused("The provider calls itself otherwise than identity.toml does.")
        if not isinstance(address, str) or not address.startswith(("https://", *LOOPBACK)):
            raise SignInRefused(f"The provider tells no usable {name}.")
        return address

    def _keys(self, settings: OidcSettings) -> KeySet:
        try:
            told = self._fetched(self._endpoint(settings, "jwks_uri"))
            return KeySet.import_key_set(dict(told))  # type: ignore[arg-type]
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise SignInRefused(f"The provider's keys cannot be read: {type(error).__name__}.") from error

    def _fetched(self, address: str) -> Mapping[str, object]:
        at, kept = self._known.get(address, (0.0, {}))
        if kept and monotonic() - at < KNOWN_FOR:
            return kept
        try:
            answer = requests.get(address, timeout=TIMEOUT, allow_redirects=False)
            answer.raise_for_status()
            told = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise SignInRefused(f"The provider does not answer: {type(error).__name__}.") from error
        if not isinstance(told, dict) or answer.is_redirect:
            raise SignInRefused("The provider's answer cannot be read.")
        self._known[address] = (monotonic(), told)
        return told
