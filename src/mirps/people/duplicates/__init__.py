"""Whether two registrations are of one person: pairs to look at, how likely each is, and why."""
