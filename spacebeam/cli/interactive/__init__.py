"""The input line of `spacebeam connect` on a terminal."""
