"""The clients that are measured. Each says on standard error how long the flood took it:
`{"seconds": …, "processor": …}`, from the first message to the last, by the clock and by the
processor time used."""
