"""The list of recordings, and what is done to them as files."""
