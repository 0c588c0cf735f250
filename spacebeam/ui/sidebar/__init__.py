"""The sidebar: saved connections in their folders, and what else one comes back to."""
