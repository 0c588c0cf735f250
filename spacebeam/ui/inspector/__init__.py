"""Where one entry is read."""
