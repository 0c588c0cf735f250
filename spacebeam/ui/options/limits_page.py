"""The page of a connection's recording, limits, pings and reconnecting."""

from __future__ import annotations

from gi.repository import Adw, GObject, Gtk

from spacebeam.ui.options.form import OptionsForm
from spacebeam.ui.options.number_row import NumberRow
from spacebeam.ui.options.switch_row import SwitchRow
from spacebeam.ui.template import template


@template("limits_page.ui")
class LimitsPage(Adw.PreferencesPage):
    """Switches, and numbers that are shown while their switch is on."""

    __gtype_name__ = "SpacebeamLimitsPage"

    _record: SwitchRow = Gtk.Template.Child()
    _connect_timeout: NumberRow = Gtk.Template.Child()
    _close_timeout: NumberRow = Gtk.Template.Child()
    _max_message: NumberRow = Gtk.Template.Child()
    _check_text: SwitchRow = Gtk.Template.Child()
    _answer_pings: SwitchRow = Gtk.Template.Child()
    _keepalive: SwitchRow = Gtk.Template.Child()
    _ping_interval: NumberRow = Gtk.Template.Child()
    _ping_timeout: NumberRow = Gtk.Template.Child()
    _reconnect: SwitchRow = Gtk.Template.Child()
    _reconnect_attempts: NumberRow = Gtk.Template.Child()
    _first_delay: NumberRow = Gtk.Template.Child()
    _max_delay: NumberRow = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self.form = OptionsForm(
            {
                "record": self._record,
                "limits.connect_timeout": self._connect_timeout,
                "limits.close_timeout": self._close_timeout,
                "limits.max_message": self._max_message,
                "limits.check_text": self._check_text,
                "pings.answer": self._answer_pings,
                "pings.keepalive": self._keepalive,
                "pings.interval": self._ping_interval,
                "pings.timeout": self._ping_timeout,
                "reconnect.enabled": self._reconnect,
                "reconnect.attempts": self._reconnect_attempts,
                "reconnect.first_delay": self._first_delay,
                "reconnect.max_delay": self._max_delay,
            }
        )
        for switch, rows in (
            (self._keepalive, (self._ping_interval, self._ping_timeout)),
            (self._reconnect, (self._reconnect_attempts, self._first_delay, self._max_delay)),
        ):
            for row in rows:
                switch.bind_property("active", row, "visible", GObject.BindingFlags.SYNC_CREATE)
