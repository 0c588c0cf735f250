"""Spacebeam as the other side: a server with an echo, chat rooms, a ticker and a flood."""
