"""Attaches files to a tab's composer: chosen, or dropped anywhere on the window.

Of several files, each is attached once the one before was sent or removed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from gi.repository import Gio, GLib, Gtk

from spacebeam.decode.preview import size
from spacebeam.decode.visible import one_line
from spacebeam.net.gio_call import gio_call
from spacebeam.ui.compat import choose_file
from spacebeam.ui.composer.attachment import Attachment
from spacebeam.ui.composer.attachment_row import AttachmentRow
from spacebeam.ui.composer.composer import Composer
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.recent_files import forget_recent, recent_uris
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.ui.tasks import Tasks
from spacebeam.wording.i18n import _

_ASKED = f"{Gio.FILE_ATTRIBUTE_STANDARD_SIZE},{Gio.FILE_ATTRIBUTE_STANDARD_TYPE}"
_MAX_REFUSALS = 3  # that are shown of several files


class _RefusedError(Exception):
    """A file cannot be attached; its text says why."""


@weak_handlers
class Attaching:
    """Reads files for one composer.

    The action `attach` (URIs) is added to the tab's group `actions`.
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
        self._waiting: list[Gio.File] = []
        action = Gio.SimpleAction.new("attach", GLib.VariantType("as"))
        action.connect("activate", self._on_attach_activate)
        actions.add_action(action)
        composer.attachment_row.connect("finished", self._on_row_finished)

    def _on_attach_activate(self, _action: Gio.SimpleAction, uris: GLib.Variant) -> None:
        if self._composer.get_mapped():
            self._start([Gio.File.new_for_uri(uri) for uri in uris.get_strv()])
        else:
            words = GLib.Variant("s", _("Connect first: a file is attached to a message."))
            self._composer.activate_action("tab.notify", words)

    async def choose_and_attach(self) -> None:
        """Ask for a file, and attach it."""
        window = self._composer.get_root()
        if isinstance(window, Gtk.Window):
            before = recent_uris()
            file = await choose_file(window, _("Send a file"))
            if file is not None:
                if not self._session.profile.record and file.get_uri() not in before:
                    forget_recent(file.get_uri())
                self._start([file])

    def _start(self, files: Sequence[Gio.File]) -> None:
        self._waiting = list(files)
        self._tasks.start(self._attach_next())

    def _on_row_finished(self, _row: AttachmentRow) -> None:
        if self._waiting:
            self._tasks.start(self._attach_next())

    async def _attach_next(self) -> None:
        """Attach the next file that can be, and show why those before it cannot."""
        refusals = []
        while self._waiting:
            file = self._waiting.pop(0)
            try:
                attachment = await self._read(file)
            except _RefusedError as error:
                refusals.append(str(error))
                continue
            is_text = await asyncio.to_thread(lambda: attachment.reads_as_text)  # noqa: B023
            self._composer.attach(attachment, is_text=is_text)
            break
        self._composer.attachment_row.show_waiting([_name(one) for one in self._waiting])
        if len(refusals) > _MAX_REFUSALS:
            more = len(refusals) - _MAX_REFUSALS
            refusals[_MAX_REFUSALS:] = [_("{more:,} more cannot be attached.").format(more=more)]
        if refusals:
            self._composer.show_error("\n".join(refusals))

    async def _read(self, file: Gio.File) -> Attachment:
        name, limit = _name(file), self._session.profile.limits.max_message
        try:
            info = await gio_call(
                file.query_info_async,
                file.query_info_finish,
                _ASKED,
                Gio.FileQueryInfoFlags.NONE,
                GLib.PRIORITY_DEFAULT,
            )
            if info.get_file_type() is Gio.FileType.DIRECTORY:
                raise _RefusedError(
                    _("“{name}” is a folder. Attach the files in it instead.").format(name=name)
                )
            if info.get_size() > limit:
                raise _RefusedError(
                    _(
                        "“{name}” has {size}; a message of this connection has {limit} at most. "
                        "Raise Maximum Message Size in the connection's options, or send the file "
                        "in parts."
                    ).format(name=name, size=size(info.get_size()), limit=size(limit))
                )
            contents, _etag = await gio_call(file.load_bytes_async, file.load_bytes_finish)
        except GLib.Error as error:
            raise _RefusedError(
                _("“{name}” cannot be read: {message}.").format(name=name, message=error.message)
            ) from None
        return Attachment(name, contents.get_data() or b"")


def _name(file: Gio.File) -> str:
    return one_line(file.get_basename() or "file")
