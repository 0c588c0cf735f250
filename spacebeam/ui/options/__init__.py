"""The options of a connection: what they mean, what is wrong with them, and their window."""
