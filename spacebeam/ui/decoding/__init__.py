"""How a connection's payloads are read: its decoders and its schemas."""
