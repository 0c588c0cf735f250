"""Looking for something in what was said: the filter, and going to a place in it."""
