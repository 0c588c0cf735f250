"""WebSocket on the wire: addresses, handshake, frames, deflate, the connection's life."""

import gi

gi.require_version("Gio", "2.0")
gi.require_version("Soup", "3.0")
