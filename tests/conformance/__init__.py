"""The Autobahn suite of WebSocket conformance tests."""
