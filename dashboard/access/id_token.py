"""An ID token, believed only when everything about it holds (OpenID Connect Core 1.0, section 3.1.3.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from data.clock import Clock, system_clock
from data.errors import SignInRefused

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
"""Signatures by a key pair. None of a shared secret, and never `none`."""

LEEWAY = 60
"""Seconds that the provider's clock may differ."""

MOST_TOKEN = 64_000


@dataclass(frozen=True)
class Expected:
    """What the token of this sign-in must say."""

    issuer: str
    client_id: str
    nonce: str


def claims_of(
    token: str, keys: KeySet, expected: Expected, access_token: str = "", clock: Clock = system_clock
) -> Mapping[str, object]:
    """The claims of a signed token for us, of this provider, of this sign-in, in its time.

    Raises SignInRefused, which says which of these does not hold, for the log.
    """
    if len(token) > MOST_TOKEN:
        raise SignInRefused("The ID token is too long.")
    try:
        decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            options={
                "iss": {"essential": True, "value": expected.issuer},
                "aud": {"essential": True, "value": expected.client_id},
                "sub": {"essential": True},
            },
            params={
                "nonce": expected.nonce,
                "client_id": expected.client_id,
                **({"access_token": access_token} if access_token else {}),
            },
        )
        claims.validate(now=int(clock().timestamp()), leeway=LEEWAY)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise SignInRefused(f"The ID token does not hold: {type(error).__name__} {error}.") from error
    if claims.get("nonce") != expected.nonce or not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise SignInRefused("The ID token is of another sign-in, or of nobody.")
    return MappingProxyType(dict(claims))
