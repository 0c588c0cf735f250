"""The window in which a profile is edited, and the dialog that trusts a certificate."""
