"""What the States have agreed: instruments by paragraph, whom each addresses, what came of it."""
