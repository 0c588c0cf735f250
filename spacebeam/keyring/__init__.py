"""The desktop's keyring (Secret Service), by libsecret."""
