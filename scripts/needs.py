"""The system packages that Spacebeam needs, with their names in each distribution.

Libraries with typelibs, daemons and fonts cannot come from PyPI. A need is detected by its files,
not in a package database, so that a library from any source counts and one table fits every system.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from system import System

    Probe = Callable[[System], bool]


def file(*patterns: str) -> Probe:
    """Return a probe for one of these files, below a prefix such as /usr.

    `lib*` also finds Debian's lib/x86_64-linux-gnu.
    """
    return lambda system: any(system.has_file(pattern) for pattern in patterns)


def typelib(namespace: str) -> Probe:
    return file(f"lib*/girepository-1.0/{namespace}.typelib")


def program(*names: str) -> Probe:
    """Return a probe for a program on the search path, by any of its names."""
    return lambda system: system.has_program(*names)


def python(code: str) -> Probe:
    """Return a probe that runs code with the Python of .venv."""
    return lambda system: system.python_runs(code)


@dataclass(frozen=True)
class Need:
    """One system package. It is not installed on a system for which it has no name."""

    what: str
    is_met: Probe
    debian: str
    fedora: str = ""
    arch: str = ""
    brew: str = ""
    ubuntu: str = ""  # only where it differs from Debian's


PYTHON = Need("Python", program("python3"), debian="python3")

RUNTIME = (
    Need("GTK 4", typelib("Gtk-4.0"), "gir1.2-gtk-4.0", "gtk4", "gtk4", "gtk4"),
    Need("libadwaita", typelib("Adw-1"), "gir1.2-adw-1", "libadwaita", "libadwaita", "libadwaita"),
    Need("libsoup 3", typelib("Soup-3.0"), "gir1.2-soup-3.0", "libsoup3", "libsoup3", "libsoup"),
    Need(
        "GtkSourceView 5",
        typelib("GtkSource-5"),
        "gir1.2-gtksource-5",
        "gtksourceview5",
        "gtksourceview5",
        "gtksourceview5",
    ),
    Need(
        "libsecret", typelib("Secret-1"), "gir1.2-secret-1", "libsecret", "libsecret", "libsecret"
    ),
    Need(
        "TLS for GLib",
        file("lib*/gio/modules/libgiognutls.so", "lib*/gio/modules/libgioopenssl.so"),
        "glib-networking",
        "glib-networking",
        "glib-networking",
        "glib-networking",
    ),
    Need(
        "the Adwaita icons",
        file("share/icons/Adwaita/index.theme"),
        "adwaita-icon-theme",
        "adwaita-icon-theme",
        "adwaita-icon-theme",
        "adwaita-icon-theme",
    ),
    Need(
        # The icons are SVG files. The newest systems load them with glycin instead of librsvg.
        "the SVG image loader",
        file(
            "lib*/gdk-pixbuf-2.0/2.10.0/loaders/*svg*",
            "share/glycin-loaders/*/conf.d/glycin-*svg*.conf",
        ),
        "librsvg2-common",
        "librsvg2",
        "librsvg",
        "librsvg",
    ),
    Need(
        "a text font",
        file("share/fonts/**/*.[to]tf"),
        "fonts-dejavu-core",
        "dejavu-sans-fonts",
        "ttf-dejavu",
    ),
    Need(
        "an emoji font",
        file("share/fonts/**/*[Ee]moji*"),
        "fonts-noto-color-emoji",
        "google-noto-color-emoji-fonts",
        "noto-fonts-emoji",
    ),
    Need("D-Bus", program("dbus-run-session"), "dbus", "dbus-daemon", "dbus"),
    # Small, and installed where there is a display too: the next `make run` may come over ssh.
    Need("the browser display", program("gtk4-broadwayd"), "libgtk-4-bin", "gtk4", "gtk4"),
    Need("venv", python("import ensurepip"), "python3-venv", "python3", "python", "python"),
)

# Where the distribution's own PyGObject is new enough, nothing is compiled.
OWN_PYGOBJECT = (
    Need(
        "PyGObject",
        python("import gi"),
        "python3-gi",
        "python3-gobject",
        "python-gobject",
        "pygobject3",
    ),
    Need(
        "PyGObject's cairo",
        python("import cairo, gi._gi_cairo"),
        "python3-gi-cairo",
        "python3-gobject",
        "python-cairo",
        "pygobject3",
    ),
)

_COMPILER = (
    Need(
        "pkg-config",
        program("pkg-config"),
        "pkg-config",
        "pkgconf-pkg-config",
        "pkgconf",
        "pkgconf",
    ),
    Need("a C compiler", program("gcc", "cc"), "gcc", "gcc", "gcc", "gcc"),
)

# Where it is older, pip compiles PyGObject and pycairo.
BUILD_PYGOBJECT = (
    Need(
        "GObject introspection's headers",
        file("lib*/pkgconfig/gobject-introspection-1.0.pc"),
        "libgirepository1.0-dev",
        "gobject-introspection-devel",
        "gobject-introspection",
        "gobject-introspection",
    ),
    Need(
        "cairo's headers",
        file("lib*/pkgconfig/cairo.pc"),
        "libcairo2-dev",
        "cairo-gobject-devel",
        "cairo",
        "cairo",
    ),
    *_COMPILER,
    Need(
        "Python's headers",
        python(
            "import os, sysconfig; os.stat(os.path.join(sysconfig.get_path('include'), 'Python.h'))"
        ),
        "python3-dev",
        "python3-devel",
        "python",
        "python",
    ),
)

TESTS = (
    Need("Xvfb", program("Xvfb"), "xvfb", "xorg-x11-server-Xvfb", "xorg-server-xvfb"),
    Need("xauth", program("xauth"), "xauth", "xorg-x11-xauth", "xorg-xauth"),
    Need(
        "the accessibility bus",
        file("share/dbus-1/services/org.a11y.Bus.service"),
        "at-spi2-core",
        "at-spi2-core",
        "at-spi2-core",
    ),
    Need("AT-SPI", typelib("Atspi-2.0"), "gir1.2-atspi-2.0", "at-spi2-core", "at-spi2-core"),
    # An input method, to write Chinese in the window.
    Need("IBus", program("ibus-daemon"), "ibus", "ibus", "ibus"),
    Need("IBus for GTK 4", file("lib*/gtk-4.0/4.0.0/immodules/*ibus.so"), "ibus-gtk4", "ibus-gtk4"),
    Need("IBus's table Wubi", file("share/ibus-table/tables/wubi-jidian86.db"), "ibus-table-wubi"),
    # A keyring on a bus of its own.
    Need(
        "GNOME Keyring",
        program("gnome-keyring-daemon"),
        "gnome-keyring",
        "gnome-keyring",
        "gnome-keyring",
    ),
    Need("gdbus", program("gdbus"), "libglib2.0-bin", "glib2", "glib2", "glib2-tools"),
    Need("xclip", program("xclip"), "xclip", "xclip", "xclip"),
    Need(
        "ImageMagick", program("import"), "imagemagick", "ImageMagick", "imagemagick", "imagemagick"
    ),
    Need(
        "desktop-file-validate",
        program("desktop-file-validate"),
        "desktop-file-utils",
        "desktop-file-utils",
        "desktop-file-utils",
        "desktop-file-utils",
    ),
    Need("appstreamcli", program("appstreamcli"), "appstream", "appstream", "appstream"),
    Need("nginx", program("nginx"), "nginx", "nginx", "nginx", "nginx"),
    Need("squid", program("squid"), "squid", "squid", "squid", "squid"),
    # Debian's apache2 would also start a server.
    Need("Apache", program("apache2", "httpd"), "apache2-bin", "httpd", "apache", "httpd"),
    Need("tinyproxy", program("tinyproxy"), "tinyproxy-bin", "tinyproxy", "tinyproxy", "tinyproxy"),
    Need(
        "microsocks", program("microsocks"), "microsocks", "microsocks", "microsocks", "microsocks"
    ),
    Need("Mosquitto", program("mosquitto"), "mosquitto", "mosquitto", "mosquitto", "mosquitto"),
    Need("tcpdump", program("tcpdump"), "tcpdump", "tcpdump", "tcpdump", "tcpdump"),
    # A terminal to type in.
    Need("tmux", program("tmux"), "tmux", "tmux", "tmux", "tmux"),
    Need("man", program("man"), "man-db", "man-db", "man-db"),
    Need("mandoc", program("mandoc"), "mandoc", "mandoc", "mandoc"),
    Need("ip", program("ip"), "iproute2", "iproute", "iproute2"),
    Need(
        "faketime", file("lib*/faketime/libfaketime.so.1"), "faketime", "libfaketime", "libfaketime"
    ),
    Need("curl", program("curl"), "curl", "curl", "curl", "curl"),
    Need("Node.js", program("node"), "nodejs", "nodejs", "nodejs", "node"),
    Need("npm", program("npm"), "npm", "nodejs-npm", "npm", "node"),
    Need(
        "Chromium",
        program("chromium", "chromium-browser", "google-chrome"),
        "chromium",
        "chromium",
        "chromium",
        ubuntu="chromium-browser",
    ),
)

# libsoup in C is one of the clients that are measured.
BENCH = (
    *_COMPILER,
    Need("C's headers", file("include/stdio.h"), "libc6-dev", "glibc-devel", "glibc"),
    Need(
        "libsoup's headers",
        file("lib*/pkgconfig/libsoup-3.0.pc"),
        "libsoup-3.0-dev",
        "libsoup3-devel",
        "libsoup3",
        "libsoup",
    ),
)

OF_PARTS = {"tests": TESTS, "bench": (*TESTS, *BENCH)}
