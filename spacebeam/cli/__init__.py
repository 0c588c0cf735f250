"""The terminal: one command a file. Nothing here imports Gtk."""
