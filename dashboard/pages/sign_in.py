"""The sign-in page: plain HTML made by the server. It needs no script, and says nothing of any data."""

from __future__ import annotations

from datetime import timedelta
from html import escape

from dashboard.access.ways_back import SIGN_IN
from dashboard.languages import current_language
from dashboard.words import _, several

PAGE = """<!DOCTYPE html>
<html lang="{lang}" dir="{direction}"{scheme}>
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light"><link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/sign_in.css"><title>{title} · Watchfloor</title></head>
<body><main><h1><span aria-hidden="true">◧</span> Watchfloor</h1>
{inside}<p class="quiet">{logged}</p></main></body>
</html>
"""
FORM = """<form method="post" action="{action}"><h2>{title}</h2>{fault}
<label>{account}<input name="account" autocomplete="username" autocapitalize="none" spellcheck="false"
 maxlength="64" required autofocus></label>
<label>{password}<input name="password" type="password" autocomplete="current-password" maxlength="1024"
 required></label>
<input type="hidden" name="next" value="{back}"><button type="submit">{title}</button></form>
"""
ELSEWHERE = """<div class="form"><h2>{title}</h2>{fault}<a class="button" href="{address}">{words}</a></div>
"""


def form_page(back: str, scheme: str, kept: timedelta | None, *, refused: bool = False) -> str:
    """The page with fields for account and password.

    `back` is an address of `ways_back`; `kept`: how long the trail says what somebody looked at.
    """
    words = {
        "title": _("Sign in"),
        "fault": _fault() if refused else "",
        "account": _("Account"),
        "password": _("Password"),
    }
    return _page(FORM.format(action=SIGN_IN, back=escape(back), **words), scheme, kept)


def elsewhere_page(address: str, scheme: str, kept: timedelta | None, *, refused: bool = False) -> str:
    """The page that leads to the identity provider, at an address of ours."""
    fault = _fault() if refused else ""
    words = _("Go to your organisation's sign-in")
    parts = {"title": _("Sign in"), "fault": fault, "address": escape(address), "words": words}
    return _page(ELSEWHERE.format(**parts), scheme, kept)


def _fault() -> str:
    """One and the same for whatever it was: wrong, unknown, gone, or tried too often."""
    said = _("You could not be signed in. Check what you typed; after several tries, wait five minutes.")
    return f'<p class="fault" role="alert">{said}</p>'


def _page(inside: str, scheme: str, kept: timedelta | None) -> str:
    language = current_language()
    return PAGE.format(
        lang=language.code,
        direction=language.direction,
        scheme=f' data-scheme="{scheme}"' if scheme in ("dark", "light") else "",
        title=_("Sign in"),
        inside=inside,
        logged=_logged(kept),
    )


def _logged(kept: timedelta | None) -> str:
    """That use is logged, and for how long."""
    said = _("Sign-ins, and what is opened and taken away as a file, are logged.")
    if kept is None:
        return said
    days = several(
        "What was opened is kept for {count} day.", "What was opened is kept for {count} days.", kept.days
    )
    return f"{said} {days}"
