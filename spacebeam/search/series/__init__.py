"""Values over time: the numbers and states at a path, and breaks of a sequence number."""
