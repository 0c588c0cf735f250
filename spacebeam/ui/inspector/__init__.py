"""The inspector: one entry in full."""
