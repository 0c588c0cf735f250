"""The conversation as a chat: bubbles, the room, and sharing it."""
