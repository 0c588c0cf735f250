"""What is kept of a connection, how long things may take, how large they may be, and then what."""

from __future__ import annotations

from gi.repository import Adw, GObject, Gtk

from spacebeam.ui.options.form import OptionsForm
from spacebeam.ui.options.number_row import NumberRow
from spacebeam.ui.options.switch_row import SwitchRow
from spacebeam.ui.template import template


@template("limits_page.ui")
class LimitsPage(Adw.PreferencesPage):
    """Recording, times, sizes, keepalive and coming back."""

    __gtype_name__ = "SpacebeamLimitsPage"

    _keeps_recording: SwitchRow = Gtk.Template.Child()
    _connect_time: NumberRow = Gtk.Template.Child()
    _close_time: NumberRow = Gtk.Template.Child()
    _max_message: NumberRow = Gtk.Template.Child()
    _answers_pings: SwitchRow = Gtk.Template.Child()
    _keepalive: SwitchRow = Gtk.Template.Child()
    _keepalive_interval: NumberRow = Gtk.Template.Child()
    _keepalive_limit: NumberRow = Gtk.Template.Child()
    _reconnect: SwitchRow = Gtk.Template.Child()
    _reconnect_attempts: NumberRow = Gtk.Template.Child()
    _reconnect_first: NumberRow = Gtk.Template.Child()
    _reconnect_longest: NumberRow = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self.form = OptionsForm(
            {
                "keeps_recording": self._keeps_recording,
                "connect_time": self._connect_time,
                "close_time": self._close_time,
                "max_message": self._max_message,
                "answers_pings": self._answers_pings,
                "keepalive": self._keepalive,
                "keepalive_interval": self._keepalive_interval,
                "keepalive_limit": self._keepalive_limit,
                "reconnect": self._reconnect,
                "reconnect_attempts": self._reconnect_attempts,
                "reconnect_first": self._reconnect_first,
                "reconnect_longest": self._reconnect_longest,
            }
        )
        for switch, rows in (
            (self._keepalive, (self._keepalive_interval, self._keepalive_limit)),
            (
                self._reconnect,
                (self._reconnect_attempts, self._reconnect_first, self._reconnect_longest),
            ),
        ):
            for row in rows:
                switch.bind_property("active", row, "visible", GObject.BindingFlags.SYNC_CREATE)
