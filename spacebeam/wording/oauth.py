"""What a person reads while signing in by OAuth: in the browser, the window and the terminal."""

from __future__ import annotations

import html

from spacebeam.wording.i18n import _

_PAGE = """<!doctype html>
<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>Spacebeam</title>
<style>body {{ font: 1.2rem system-ui, sans-serif; margin: 20vh auto; max-width: 30rem;
text-align: center; padding: 0 1rem }}</style></head>
<body><h1>Spacebeam</h1><p>{words}</p></body></html>
"""


def return_page(*, has_succeeded: bool) -> str:
    """Return the HTML page that the browser shows at the end of a sign-in."""
    words = (
        _("You have signed in. You can return to Spacebeam.")
        if has_succeeded
        else _("The sign-in failed. Spacebeam says why.")
    )
    return _PAGE.format(words=html.escape(words))


def browser_words() -> str:
    """Return what to do while the browser shows the sign-in page."""
    return _("Sign in in the browser. If it did not open, use this address:")


def code_words() -> str:
    """Return what to do with a device code."""
    return _("Open this address in a browser on any device, and enter the code:")
