"""OAuth 2: obtains access tokens by the grants of RFC 6749 and RFC 8628, and refreshes them."""
