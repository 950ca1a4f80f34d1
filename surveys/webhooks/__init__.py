"""Other systems hear that something happened, over signed messages to their address."""
