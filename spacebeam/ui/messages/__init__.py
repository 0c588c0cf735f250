"""Saved messages: a list over the composer, and what is done with them."""
