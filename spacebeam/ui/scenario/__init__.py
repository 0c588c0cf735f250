"""Scenarios in the window: made of entries, written as text, run with a verdict for each line."""
