"""One live conversation without a face: connects, reconnects, sends, records and waits."""
