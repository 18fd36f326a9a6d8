"""Pages about registered people: search, register, read, correct (docs/registration.md)."""
