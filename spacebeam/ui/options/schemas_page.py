"""The page of schemas: files that say what payloads mean, and the types that messages have."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from gi.repository import Adw, GLib, GObject, Gtk

from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.schemas import protobuf_rule
from spacebeam.exchange.protobuf_files import SchemaFault
from spacebeam.exchange.schema_files import LoadedSchemas, in_folder, load_schemas
from spacebeam.profiles.profile import Profile, SchemaFiles
from spacebeam.ui.options.file_row import FileRow
from spacebeam.ui.options.form import OptionsForm
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.template import template
from spacebeam.wording.exchange import schema_words
from spacebeam.wording.i18n import _, ngettext

_DELAY_MS = 300  # after the last key in a row
_AUTOMATIC = _("Automatic")
_NONE = _("None")
_TYPES = "schemas.message_types"
_PROTOBUF = "schemas.protobuf"


@template("schemas_page.ui")
class SchemasPage(Adw.PreferencesPage):
    """The schemas of a connection, and of an open one the decoders too.

    `on_decoders_changed` is called with the names of the decoders of texts and of binary messages,
    "" for the best ones.
    """

    __gtype_name__ = "SpacebeamSchemasPage"

    _decoders_group: Adw.PreferencesGroup = Gtk.Template.Child()
    _text_row: Adw.ComboRow = Gtk.Template.Child()
    _binary_row: Adw.ComboRow = Gtk.Template.Child()
    _protobuf: FileRow = Gtk.Template.Child()
    _received_row: Adw.ComboRow = Gtk.Template.Child()
    _sent_row: Adw.ComboRow = Gtk.Template.Child()
    _message_types: Adw.EntryRow = Gtk.Template.Child()
    _protobuf_label: Gtk.Label = Gtk.Template.Child()
    _avro: FileRow = Gtk.Template.Child()
    _avro_label: Gtk.Label = Gtk.Template.Child()
    _json_schema: FileRow = Gtk.Template.Child()
    _json_schema_label: Gtk.Label = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path()  # of relative paths
        self.on_decoders_changed: Callable[[str, str], object] = lambda _text, _binary: None
        self._is_showing = False
        self._tasks = Tasks()
        self._timer = 0
        self._types: tuple[str, ...] = ()
        self._directions = {"received": self._received_row, "sent": self._sent_row}
        self.form = OptionsForm(
            {
                _PROTOBUF: self._protobuf,
                _TYPES: self._message_types,
                "schemas.avro": self._avro,
                "schemas.json_schema": self._json_schema,
            }
        )
        for row in (self._protobuf, self._avro, self._json_schema):
            row.connect("changed", self._on_file_row_changed)

    def do_unmap(self) -> None:
        self._stop()
        Adw.PreferencesPage.do_unmap(self)

    def do_map(self) -> None:
        Adw.PreferencesPage.do_map(self)
        self._schedule(0)

    # Decoders

    def show_decoders(self, text: str, binary: str) -> None:
        """Offer the decoders of text and binary messages; "" is the best one."""
        self._is_showing = True
        for row, kind, chosen in (
            (self._text_row, "text", text),
            (self._binary_row, "binary", binary),
        ):
            names = _decoders(kind)
            row.set_model(Gtk.StringList.new([_AUTOMATIC, *names]))
            row.set_selected(names.index(chosen) + 1 if chosen in names else 0)
        self._is_showing = False
        self._decoders_group.set_visible(True)

    @Gtk.Template.Callback()
    def _on_decoder_row_notify_selected(
        self, _row: Adw.ComboRow, _property: GObject.ParamSpec
    ) -> None:
        if not self._is_showing:
            chosen = (_chosen(self._text_row), _chosen(self._binary_row))
            self.on_decoders_changed(*("" if one == _AUTOMATIC else one for one in chosen))

    # Files

    @property
    def _files(self) -> SchemaFiles:
        return self.form.read(Profile()).schemas

    def _schedule(self, delay: int = _DELAY_MS) -> None:
        """Read the files when nothing has been typed for `delay` milliseconds."""
        self._stop()
        self._timer = GLib.timeout_add(delay, self._on_timer)

    def _stop(self) -> None:
        self._tasks.cancel()
        if self._timer:
            GLib.source_remove(self._timer)
            self._timer = 0

    def _on_timer(self) -> bool:
        self._timer = 0
        self._tasks.start(self._load())
        return GLib.SOURCE_REMOVE

    async def _load(self) -> None:
        files = in_folder(self._files, self.folder)
        self._show_loaded(await asyncio.to_thread(load_schemas, files))

    def _show_loaded(self, loaded: LoadedSchemas) -> None:
        self._show_types(loaded.types)
        count = len(loaded.types)
        found = ngettext("{count:,} message type", "{count:,} message types", count)
        words = {"protobuf": found.format(count=count) if count else ""}
        wrong = set()
        for one in loaded.problems:
            group = "protobuf" if one.path == _TYPES else one.path.rpartition(".")[2]
            if one.error.fault is SchemaFault.TYPE_MISSING:  # the rows list them
                words[group] += _(": choose the one that messages have.")
            elif group not in wrong:
                words[group] = f"{schema_words(one.error)}."
                wrong.add(group)
        labels = {
            "protobuf": self._protobuf_label,
            "avro": self._avro_label,
            "json_schema": self._json_schema_label,
        }
        for group, label in labels.items():
            label.set_text(words.get(group, ""))
            label.set_visible(bool(words.get(group)))
            is_wrong = group in wrong
            (label.add_css_class if is_wrong else label.remove_css_class)("error")
            (label.remove_css_class if is_wrong else label.add_css_class)("dim-label")

    # Types

    def _show_types(self, types: tuple[str, ...]) -> None:
        """Offer the types of the schema for each direction."""
        self._is_showing = True
        if types != self._types:
            self._types = types
            for row in self._directions.values():
                row.set_model(Gtk.StringList.new([_NONE, *types]))
        self._is_showing = False
        for row in self._directions.values():
            row.set_visible(len(types) > 1)
        self._show_chosen_types()

    def _show_chosen_types(self) -> None:
        """Select the types that the rules say for all messages of a direction."""
        rules = [protobuf_rule(one) for one in self._files.message_types]
        self._is_showing = True
        for direction, row in self._directions.items():
            fitting = (
                rule.message
                for rule in rules
                if not rule.field and rule.endpoint == "*" and rule.direction in ("", direction)
            )
            found = next(fitting, "")
            row.set_selected(self._types.index(found) + 1 if found in self._types else 0)
        self._is_showing = False

    @Gtk.Template.Callback()
    def _on_type_row_notify_selected(
        self, _row: Adw.ComboRow, _property: GObject.ParamSpec
    ) -> None:
        if self._is_showing or not self._types:
            return
        chosen = {direction: _chosen(row) for direction, row in self._directions.items()}
        others = [one for one in self._files.message_types if not _is_general(one)]
        if len(set(chosen.values())) == 1:
            rules = [one for one in {*chosen.values()} if one != _NONE]
        else:
            rules = [f"{direction}:{one}" for direction, one in chosen.items() if one != _NONE]
        self._message_types.set_text(", ".join((*others, *rules)))

    @Gtk.Template.Callback()
    def _on_message_types_changed(self, _row: Adw.EntryRow) -> None:
        if not self._is_showing:
            self._show_chosen_types()
            self._schedule()

    def _on_file_row_changed(self, _row: FileRow) -> None:
        self._schedule()


def _decoders(kind: str) -> list[str]:
    """Return the names of the decoders that messages of a kind can have."""
    return [one.name for one in REGISTRY.decoders if not one.kinds or kind in one.kinds]


def _chosen(row: Adw.ComboRow) -> str:
    item = row.get_selected_item()
    return str(item.get_string()) if isinstance(item, Gtk.StringObject) else ""


def _is_general(written: str) -> bool:
    """Return whether a rule is for all messages of a direction."""
    rule = protobuf_rule(written)
    return not rule.field and rule.endpoint == "*"
