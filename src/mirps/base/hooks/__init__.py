"""Messages between systems over HTTPS: signed, and only to hosts that this node may call."""
