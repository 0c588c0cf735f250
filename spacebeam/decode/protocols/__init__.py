"""Application protocols over decoded values, one a file."""
