"""What the person keeps: settings and recent addresses."""
