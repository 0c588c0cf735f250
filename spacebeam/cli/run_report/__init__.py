"""What a run of scenarios printed and wrote: an account, JSON, JUnit's XML, a page."""
