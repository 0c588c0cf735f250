"""Formats around payloads of any other format: compression, and bytes written as text."""
