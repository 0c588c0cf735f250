"""Fuzzing of all code that parses data of a peer or a file (`make fuzz`)."""
