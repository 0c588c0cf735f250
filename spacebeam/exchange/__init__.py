"""Other programs' files: HAR, JSON Lines and others, one format a file."""
