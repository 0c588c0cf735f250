"""Addresses as GLib's and libsoup's values.

GLib.Uri.parse normalises percent signs, or refuses those that are not UTF-8; a URI that is built
has path and query as they were written.
"""

from __future__ import annotations

from gi.repository import GLib

from spacebeam.protocol.endpoint import DEFAULT_PORTS, Endpoint


def exact_uri(endpoint: Endpoint, scheme: str = "", host: str = "") -> GLib.Uri:
    """Return the endpoint's URI without user and password, with another scheme or host if given."""
    path, mark, query = endpoint.resource.partition("?")
    is_default = endpoint.port == DEFAULT_PORTS[endpoint.scheme]
    return GLib.Uri.build(
        GLib.UriFlags.ENCODED,
        scheme or endpoint.scheme,
        None,
        host or endpoint.host,
        -1 if is_default else endpoint.port,
        path,
        query if mark else None,
        None,
    )


def request_target(uri: GLib.Uri) -> str:
    """Return a URI's path and query, as they are sent."""
    query = uri.get_query()
    return str(uri.get_path()) + ("" if query is None else f"?{query}")
