"""Pages for the people who make a round: preparing, entering, writing, reviewing, publishing."""
