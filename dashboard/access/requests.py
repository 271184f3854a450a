"""Rules for one request, before anything of it is read: pure functions from headers to a refusal or none."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from types import MappingProxyType
from urllib.parse import parse_qsl

from data.words import msgid

MOST_BODY = 256 * 1024
MOST_DELIVERY = 16 * 2**20
"""Of records that a partner's system posts; it has said who it is before a byte of them is read."""

METHODS = ("GET", "HEAD", "POST")
_PORTS = MappingProxyType({"http": 80, "https": 443})
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
ARROW = "application/vnd.apache.arrow.stream"
DELIVERIES: Mapping[str, str] = MappingProxyType({JSON: "records", ARROW: "arrow"})
"""The content types in which records are posted, and what the spool calls them."""

_HOST = re.compile(r"(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9._-]{1,253}))(?::(\d{1,5}))?", re.ASCII)
_ONCE = (
    *("host", "origin", "cookie", "content-type", "content-length", "sec-fetch-site"),
    *("authorization", "idempotency-key", "content-encoding"),
)


@dataclass(frozen=True)
class Refusal:
    """An answer that lets nothing through: the status and a constant body, a key of the catalogue."""

    status: int
    body: str


MISDIRECTED = Refusal(421, msgid("This server answers only to its own name and port."))
BAD_REQUEST = Refusal(400, msgid("The request could not be read."))
NOT_ALLOWED = Refusal(405, msgid("This method is not allowed here."))
OTHER_ORIGIN = Refusal(403, msgid("The request did not come from this page."))
FROM_A_PAGE = Refusal(403, msgid("This is for programs, and no page may ask it."))
TOO_SLOW = Refusal(408, msgid("The request took too long to arrive."))
WRONG_TYPE = Refusal(415, msgid("The request's content type is not the one expected."))
NOT_SIGNED_IN = Refusal(401, msgid("Nobody is signed in."))
NOT_FOR_YOU = Refusal(403, msgid("This is not open to you."))
NOTHING_HERE = Refusal(404, msgid("There is nothing at this address."))
NOT_AVAILABLE = Refusal(503, msgid("The server cannot answer now."))
TOO_LARGE = Refusal(413, msgid("The request is too large."))


@dataclass(frozen=True)
class Headers:
    """A request's headers, lower case, and the names of those that came twice."""

    values: Mapping[str, str]
    doubled: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, raw: Iterable[tuple[bytes, bytes]]) -> Headers:
        """Of an ASGI scope."""
        values: dict[str, str] = {}
        doubled = set()
        for name, value in raw:
            key = name.decode("latin-1").lower()
            if key in values:
                doubled.add(key)
            values[key] = value.decode("latin-1")
        return cls(MappingProxyType(values), frozenset(doubled))


@dataclass(frozen=True)
class OwnAddress:
    """How this server is called: the host names that are it, its port, and the origin it has outside.

    `public` is like `https://floor.example`, or empty where it is reached at its own port only.
    """

    names: frozenset[str]
    port: int
    public: str = ""

    def is_ours(self, host: str) -> bool:
        """Whether a Host header names this server."""
        return is_our_name(host, self.names, self.port) or self._is_public(host)

    def is_origin(self, origin: str, host: str) -> bool:
        """Whether a page of this server, asked for by this Host, sends this Origin."""
        if self.public and origin.lower() == self.public:
            return True
        return not self._is_public(host) and _is_same_origin(origin, host)

    def _is_public(self, host: str) -> bool:
        if not self.public:
            return False
        scheme, _mark, own = self.public.partition("://")
        return host.lower() in (own, f"{own}:{_PORTS[scheme]}")


def refusal(method: str, headers: Headers, own: OwnAddress, kind: str = JSON) -> Refusal | None:
    """Why this request goes no further, or None. `kind`: the content type that is posted there."""
    refused = _any_refusal(method, headers, own)
    if refused is None and method == "POST":
        return _post_refusal(headers, own, kind)
    return refused


def program_refusal(method: str, headers: Headers, own: OwnAddress) -> Refusal | None:
    """The same where a partner's system asks, which is no browser: it has no origin."""
    refused = _any_refusal(method, headers, own)
    if refused is not None:
        return refused
    if "origin" in headers.values or "sec-fetch-site" in headers.values:
        return FROM_A_PAGE
    if method != "POST":
        return None
    if content_type(headers) not in DELIVERIES or "content-encoding" in headers.values:
        return WRONG_TYPE
    return _length_refusal(headers, MOST_DELIVERY)


def _any_refusal(method: str, headers: Headers, own: OwnAddress) -> Refusal | None:
    if headers.doubled.intersection(_ONCE):
        return BAD_REQUEST
    if not own.is_ours(headers.values.get("host", "")):
        return MISDIRECTED
    return NOT_ALLOWED if method not in METHODS else None


def content_type(headers: Headers) -> str:
    """What the body is said to be, without parameters."""
    return headers.values.get("content-type", "").split(";")[0].strip().lower()


def _post_refusal(headers: Headers, own: OwnAddress, kind: str) -> Refusal | None:
    origin, site = headers.values.get("origin", ""), headers.values.get("sec-fetch-site", "same-origin")
    if site != "same-origin" or not own.is_origin(origin, headers.values["host"]):
        return OTHER_ORIGIN
    if content_type(headers) != kind:
        return WRONG_TYPE
    return _length_refusal(headers, MOST_BODY)


def _length_refusal(headers: Headers, most: int) -> Refusal | None:
    length = headers.values.get("content-length", "0")
    if not length.isascii() or not length.isdigit():
        return BAD_REQUEST
    return TOO_LARGE if len(length) > 12 or int(length) > most else None


def _is_same_origin(origin: str, host: str) -> bool:
    return origin.lower() in (f"http://{host.lower()}", f"https://{host.lower()}")


def is_our_name(host: str, names: frozenset[str], port: int) -> bool:
    """Whether a Host header names this server: a name of ours or a loopback address, and our port.

    A page elsewhere that points its own name at this address (DNS rebinding) is refused by this. The whole
    header must be a host and a port: a user before an `@` or a path after it makes it none of ours.
    """
    found = _HOST.fullmatch(host.lower())
    if found is None or int(found[3] or _PORTS["http"]) != port:
        return False
    name = found[1] or found[2]
    if name in names:
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def fields_of(body: bytes) -> Mapping[str, str]:
    """The fields of a browser's form, the last of each name; none where the body is no form of ours."""
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=8, errors="strict")
    except ValueError:
        return {}
    return dict(pairs)


def object_of(body: bytes) -> Mapping[str, object]:
    """The object of a body of JSON; an empty one when it is none."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def word_of(body: bytes, name: str) -> str:
    """The text called `name` in a body of JSON; empty when there is none."""
    chosen = object_of(body).get(name)
    return chosen if isinstance(chosen, str) else ""
