"""Questions that busy pages ask again and again, compiled once a process instead of each time."""
