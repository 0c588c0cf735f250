"""File formats of other programs: JSON Lines and cookie files, one format per module."""
