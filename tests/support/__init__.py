"""What several tests share: the loop, waiting, and real peers to talk to."""
