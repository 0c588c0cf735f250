"""The limit of titles: of recordings and of tabs."""

MAX_TITLE = 200  # characters
