"""The rate graph: messages and bytes over time."""
