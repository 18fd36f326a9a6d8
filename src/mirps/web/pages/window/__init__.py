"""The person's own window, and what officers do about it."""
