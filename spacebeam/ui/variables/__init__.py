"""Variables where they are typed: proposed, marked if unknown, and shown with their value."""
