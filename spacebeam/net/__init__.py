"""Sockets: the handshake by libsoup, TLS, proxies, a connection's life, reconnecting."""
