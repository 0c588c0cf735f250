"""OpenCollection 1.0.0: connections, folders and environments as YAML files, as Bruno has them."""
