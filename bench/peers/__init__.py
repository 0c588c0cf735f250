"""The measured clients. Each prints to standard error its time from the first message to the last:
`{"seconds": …, "processor": …}`, by the clock and in processor time."""
