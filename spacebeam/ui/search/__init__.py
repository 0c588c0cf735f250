"""The search bar: filter, chips, history, and going to an entry or a time."""
