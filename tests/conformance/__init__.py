"""The Autobahn suite: what every other WebSocket implementation is measured by."""
