"""Takes pictures of every screen in several styles, to look at and for the documentation."""
