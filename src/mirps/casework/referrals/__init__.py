"""People referred to another institution, of this State or another, and what came of it."""
