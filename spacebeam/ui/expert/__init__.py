"""Expert tools: send pings, fragments, close frames and raw frames."""
