"""What is said on the wire on purpose: pings, fragments, any close and any frame."""
