"""Options that several commands share, declared once, in the groups of their help."""
