"""RFC 6455 and RFC 7692, pure: frames, messages, deflate, close codes, endpoints."""
