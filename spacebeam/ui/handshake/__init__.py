"""Where a handshake is read."""
