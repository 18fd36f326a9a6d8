"""Pages of planning: what was agreed, by whom, by when, with what money, and what came of it."""
