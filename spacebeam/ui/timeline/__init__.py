"""The list on screen: a lazy view of a recording."""
