"""The built-in WebSocket server: echo, chat rooms, ticker and flood."""
