"""Documents and minutes, and the newsletter: what changed, told by a person, and to whom it is sent."""
