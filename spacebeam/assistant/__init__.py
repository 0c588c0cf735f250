"""What an assistant may do by the Model Context Protocol: talk to servers, read recordings."""
