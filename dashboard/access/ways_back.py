"""Where somebody who signs in is brought: to a page of ours, at the View they had, and nowhere else."""

from __future__ import annotations

from urllib.parse import quote

from dashboard.pages.paths import PATHS
from dashboard.view import View

SIGN_IN = "/sign-in"
MOST_NEXT = 8_000


def way_back(wanted: object) -> str:
    """The address to go on to: one of our paths with a View's own query, whatever was asked for.

    Nothing of the given text is passed on: the path is one of PATHS, and the query is written anew from the
    View that it holds. So no host, scheme, backslash or line end gets through.
    """
    if not isinstance(wanted, str) or len(wanted) > MOST_NEXT:
        return "/"
    path, _mark, query = wanted.partition("?")
    if path not in PATHS:
        return "/"
    kept = View.from_query(query)[0].to_query()
    return f"{path}?{kept}" if kept else path


def sign_in_address(path: str, query: str) -> str:
    """The sign-in page that leads back to this page."""
    back = way_back(f"{path}?{query}")
    return SIGN_IN if back == "/" else f"{SIGN_IN}?next={quote(back, safe='')}"
