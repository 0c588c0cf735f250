"""What differs between two messages: as trees of values, and as lines of text."""
