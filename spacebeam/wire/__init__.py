"""WebSocket on the wire: addresses, handshake, frames, deflate, the connection's life."""
