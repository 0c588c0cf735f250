"""Everything that was said on a connection, in order."""
