"""Settings, addresses and the WSGI entry. Everything else is below."""
