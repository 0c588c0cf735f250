"""A network that a test can disconnect and reconnect."""

from __future__ import annotations

from gi.repository import Gio, GLib, GObject


class Monitor(GObject.Object, Gio.Initable, Gio.NetworkMonitor):
    """A network monitor; `neighbours` are reachable without a network."""

    __gtype_name__ = "SpacebeamTestsMonitor"

    def __init__(self, *, is_available: bool = True, neighbours: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.is_available = is_available
        self.neighbours = neighbours

    @GObject.Property(type=bool, default=True)
    def network_available(self) -> bool:
        return self.is_available

    @GObject.Property(type=bool, default=False)
    def network_metered(self) -> bool:
        return False

    @GObject.Property(type=Gio.NetworkConnectivity, default=Gio.NetworkConnectivity.FULL)
    def connectivity(self) -> Gio.NetworkConnectivity:
        return Gio.NetworkConnectivity.FULL

    def do_can_reach(
        self, address: Gio.SocketConnectable, _cancellable: Gio.Cancellable | None
    ) -> bool:
        assert isinstance(address, Gio.InetSocketAddress)
        if address.get_address().to_string() in self.neighbours:
            return True
        code = Gio.IOErrorEnum.NETWORK_UNREACHABLE
        raise GLib.Error.new_literal(Gio.io_error_quark(), "no route", code)

    def change(self, is_available: bool) -> None:
        """Change whether the network is available; True twice is a change of networks."""
        self.is_available = is_available
        self.emit("network-changed", is_available)
