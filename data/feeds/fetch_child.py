"""The child that fetches an address: whatever the other side does, it can be ended.

Reads an order as JSON from its input, writes one line of JSON about the answer and then its bytes.
"""

from __future__ import annotations

import json
import resource
import sys
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

CONNECTS_WITHIN_SECONDS = 10.0
SILENT_SECONDS = 30.0
"""Nothing comes for so long."""

MOST_REDIRECTS = 3
MOST_MEMORY = 2**30
CHUNK = 64 * 1024
AGENT = "Watchfloor"


class Failed(Exception):
    """Why there is no answer, in words that follow "The source X "."""


def main() -> None:
    """Fetch what is ordered."""
    order: dict[str, Any] = json.loads(sys.stdin.read())
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY + order["most"], MOST_MEMORY + order["most"]))
    try:
        told, content = _fetched(order)
    except Failed as failed:
        told, content = {"failed": str(failed)}, b""
    except requests.Timeout:
        told, content = {"failed": "could not be reached: no answer came in time."}, b""
    except requests.exceptions.SSLError:
        told, content = {"failed": "could not be reached: its certificate cannot be trusted."}, b""
    except (requests.RequestException, OSError, ValueError):
        told, content = {"failed": "could not be reached: the connection failed."}, b""
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + content)


def _fetched(order: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    headers = {"User-Agent": AGENT, "Accept-Encoding": "identity", **order["headers"]}
    with requests.Session() as session:
        session.trust_env = False  # no .netrc: an address may not make use of the operator's own names
        with _answered(session, order["address"], headers) as response:
            told = {name: response.headers.get(header, "") for name, header in _KEPT.items()}
            return {**told, "status": response.status_code}, _content(
                response, order["most"]
            ) if response.status_code == 200 else b""


_KEPT = {"etag": "ETag", "modified": "Last-Modified"}


def _answered(session: requests.Session, address: str, headers: dict[str, str]) -> requests.Response:
    """The answer after some redirections, none of which leaves https for http."""
    for _ in range(MOST_REDIRECTS + 1):
        response = session.get(
            address,
            headers=headers,
            stream=True,
            timeout=(CONNECTS_WITHIN_SECONDS, SILENT_SECONDS),
            allow_redirects=False,
        )
        if not response.is_redirect:
            return response
        further = urljoin(address, response.headers["Location"])
        response.close()
        schemes = urlsplit(address).scheme, urlsplit(further).scheme
        if schemes[1] not in ("http", "https") or schemes == ("https", "http"):
            raise Failed("leads to an address that is not safe.")
        address = further
    raise Failed("leads on and on.")


def _content(response: requests.Response, most: int) -> bytes:
    content = bytearray()
    for chunk in response.iter_content(CHUNK):
        content += chunk
        if len(content) > most:
            raise Failed("answers with more than WATCHFLOOR_FILE_MB allows.")
    return bytes(content)


if __name__ == "__main__":
    main()
