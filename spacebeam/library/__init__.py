"""The person's data: recordings, settings and recent addresses."""
