"""Tests of the help: its pages, and that they say what the code does."""
