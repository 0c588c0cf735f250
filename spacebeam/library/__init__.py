"""What the person has: recordings, settings and recent addresses."""
