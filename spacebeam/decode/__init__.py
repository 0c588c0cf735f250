"""Payload bytes as a person reads them."""
