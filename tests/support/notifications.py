"""A desktop's notification service on a real bus, which remembers what it was asked to show."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from gi.repository import Gio, GLib

_NAME = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"
_INTERFACE = """
<node><interface name="org.freedesktop.Notifications">
  <method name="GetCapabilities"><arg type="as" direction="out"/></method>
  <method name="GetServerInformation">
    <arg type="s" direction="out"/><arg type="s" direction="out"/>
    <arg type="s" direction="out"/><arg type="s" direction="out"/>
  </method>
  <method name="Notify">
    <arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
    <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/>
    <arg type="a{sv}" direction="in"/><arg type="i" direction="in"/>
    <arg type="u" direction="out"/>
  </method>
  <method name="CloseNotification"><arg type="u" direction="in"/></method>
  <signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal>
  <signal name="NotificationClosed"><arg type="u"/><arg type="u"/></signal>
</interface></node>
"""
_ANSWERS = {
    "GetCapabilities": GLib.Variant("(as)", (["actions", "body", "body-markup"],)),
    "GetServerInformation": GLib.Variant("(ssss)", ("tests", "tests", "1", "1.2")),
}


class Shown(NamedTuple):
    """A notification."""

    number: int
    title: str
    body: str


@dataclass
class NotificationService:
    """What was shown, and clicks on it."""

    connection: Gio.DBusConnection
    shown: list[Shown] = field(default_factory=list)

    def click(self, number: int) -> None:
        """Click a notification, outside of its buttons."""
        arguments = GLib.Variant("(us)", (number, "default"))
        self.connection.emit_signal(None, _PATH, _NAME, "ActionInvoked", arguments)

    def answer(self, method: str, arguments: GLib.Variant) -> GLib.Variant | None:
        """Do what a client asks for."""
        if method == "Notify":
            _program, replaced, _icon, title, body, *_rest = arguments.unpack()
            self.shown.append(Shown(replaced or len(self.shown) + 1, title, body))
            return GLib.Variant("(u)", (self.shown[-1].number,))
        return _ANSWERS.get(method)


@contextlib.contextmanager
def notification_service(address: str | None = None) -> Iterator[NotificationService]:
    """Serve notifications on a bus, by default the session's, in a thread of its own."""
    context = GLib.MainContext()
    loop = GLib.MainLoop(context)
    ready = threading.Event()
    services: list[NotificationService] = []

    def run() -> None:
        context.push_thread_default()
        services.append(_register(address or _session_address()))
        ready.set()
        loop.run()
        services[0].connection.close_sync()
        context.pop_thread_default()

    thread = threading.Thread(target=run)
    thread.start()
    assert ready.wait(10)
    try:
        yield services[0]
    finally:
        loop.quit()
        thread.join()


def _session_address() -> str:
    address = Gio.dbus_address_get_for_bus_sync(Gio.BusType.SESSION)
    assert address is not None
    return address


def _register(address: str) -> NotificationService:
    flags = (
        Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
        | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
    )
    connection = Gio.DBusConnection.new_for_address_sync(address, flags, None)
    service = NotificationService(connection)

    def on_call(
        _connection: Gio.DBusConnection,
        _sender: str,
        _path: str,
        _interface: str,
        method: str,
        arguments: GLib.Variant,
        invocation: Gio.DBusMethodInvocation,
    ) -> None:
        invocation.return_value(service.answer(method, arguments))

    interface = Gio.DBusNodeInfo.new_for_xml(_INTERFACE).interfaces[0]
    connection.register_object(_PATH, interface, on_call, None, None)
    none = Gio.DBusCallFlags.NONE
    request = GLib.Variant("(su)", (_NAME, 0))
    bus = "org.freedesktop.DBus"
    connection.call_sync(
        bus, "/" + bus.replace(".", "/"), bus, "RequestName", request, None, none, -1
    )
    return service
