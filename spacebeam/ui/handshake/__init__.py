"""The handshake window."""
