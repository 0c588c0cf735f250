"""Asks the person at a terminal to sign in by OAuth: prints an address, and opens the browser."""

from __future__ import annotations

from gi.repository import Gio

from spacebeam.cli.messages import print_note
from spacebeam.decode.visible import one_line
from spacebeam.session.oauth.values import DeviceCode
from spacebeam.wording.oauth import browser_words, code_words, return_page


class TerminalPrompt:
    """Prints on standard error, and opens the sign-in page in the browser of the desktop."""

    def open_browser(self, url: str) -> None:
        print_note(f"{browser_words()}\n  {one_line(url)}")
        # Without a desktop nothing opens: the address is printed.
        Gio.AppInfo.launch_default_for_uri_async(url, None, None, None)

    def show_code(self, code: DeviceCode) -> None:
        print_note(f"{code_words()}\n  {one_line(code.url)}\n  {one_line(code.code)}")

    def finish(self) -> None:
        """Leave what was printed."""

    def page(self, *, has_succeeded: bool) -> str:
        return return_page(has_succeeded=has_succeeded)
