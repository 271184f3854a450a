"""What a wall shows until somebody has said which screen it is: plain HTML made by the server, no data."""

from __future__ import annotations

from dashboard.languages import current_language
from dashboard.words import _

CODE = """<!DOCTYPE html>
<html lang="{lang}" dir="{direction}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5"><meta name="color-scheme" content="dark light">
<link rel="icon" href="data:,"><link rel="stylesheet" href="/assets/sign_in.css">
<title>{title} · Watchfloor</title></head><body><main><h1><span aria-hidden="true">◧</span> Watchfloor</h1>
<div class="form"><h2>{title}</h2><p>{said}</p><p class="code"><bdi>{code}</bdi></p>
<p class="quiet">{how}</p></div></main></body></html>
"""


def code_page(code: str) -> str:
    """What a screen shows until somebody has said which screen it is. It asks again every five seconds."""
    language = current_language()
    return CODE.format(
        lang=language.code,
        direction=language.direction,
        title=_("New screen"),
        said=_("Give this code to whoever administers Watchfloor. It holds for 15 minutes."),
        code=f"{code[:4]} {code[4:]}",
        how=_("{command} says which screen this is.").format(command="<code>screens enrol</code>"),
    )
