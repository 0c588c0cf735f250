"""Spacebeam as the other side: a server with an echo, chat rooms, a ticker and a flood."""

import gi

gi.require_version("Gio", "2.0")
gi.require_version("Soup", "3.0")
