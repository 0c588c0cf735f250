"""Failures, close reasons and events as sentences in the reader's language, for both faces."""
