"""Questions and answers in the window: reading them, and the window of calls."""
