"""Attaches files to a tab's composer: chosen, or dropped anywhere on the window."""

from __future__ import annotations

import asyncio

from gi.repository import Gio, GLib, Gtk

from spacebeam.decode.preview import size
from spacebeam.decode.visible import one_line
from spacebeam.net.gio_call import gio_call
from spacebeam.ui.compat import choose_file
from spacebeam.ui.composer.attachment import Attachment
from spacebeam.ui.composer.composer import Composer
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.recent_files import forget_recent, recent_uris
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.ui.tasks import Tasks


@weak_handlers
class Attaching:
    """Reads files for one composer.

    The action `attach` (a URI) is added to the tab's group `actions`.
    """

    def __init__(
        self,
        session: SessionAdapter,
        composer: Composer,
        tasks: Tasks,
        actions: Gio.SimpleActionGroup,
    ) -> None:
        self._session = session
        self._composer = composer
        self._tasks = tasks
        action = Gio.SimpleAction.new("attach", GLib.VariantType("s"))
        action.connect("activate", self._on_attach_activate)
        actions.add_action(action)

    def _on_attach_activate(self, _action: Gio.SimpleAction, uri: GLib.Variant) -> None:
        if self._composer.get_mapped():
            self._tasks.start(self.attach(Gio.File.new_for_uri(uri.get_string())))
        else:
            words = GLib.Variant("s", "Connect first: a file is attached to a message.")
            self._composer.activate_action("tab.notify", words)

    async def choose_and_attach(self) -> None:
        """Ask for a file, and attach it."""
        window = self._composer.get_root()
        if isinstance(window, Gtk.Window):
            before = recent_uris()
            file = await choose_file(window, "Send a file")
            if file is not None:
                if not self._session.profile.record and file.get_uri() not in before:
                    forget_recent(file.get_uri())
                await self.attach(file)

    async def attach(self, file: Gio.File) -> None:
        """Attach a file, or show why that is impossible."""
        name = one_line(file.get_basename() or "file")
        try:
            info = await gio_call(
                file.query_info_async,
                file.query_info_finish,
                Gio.FILE_ATTRIBUTE_STANDARD_SIZE,
                Gio.FileQueryInfoFlags.NONE,
                GLib.PRIORITY_DEFAULT,
            )
            limit = self._session.profile.limits.max_message
            if info.get_size() > limit:
                self._composer.show_error(
                    f"“{name}” has {size(info.get_size())}; a message of this connection has "
                    f"{size(limit)} at most. Raise Maximum Message Size in the connection's "
                    "options, or send the file in parts."
                )
                return
            contents, _etag = await gio_call(file.load_bytes_async, file.load_bytes_finish)
        except GLib.Error as error:
            self._composer.show_error(f"“{name}” cannot be read: {error.message}.")
            return
        attachment = Attachment(name, contents.get_data() or b"")
        is_text = await asyncio.to_thread(lambda: attachment.reads_as_text)
        self._composer.attach(attachment, is_text=is_text)
