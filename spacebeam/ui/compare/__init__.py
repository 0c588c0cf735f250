"""Two entries, compared: the window, and the marks of what changed in the inspector's tree."""
