"""Protocol Buffers, with and without a schema (https://protobuf.dev/programming-guides/encoding/)."""
