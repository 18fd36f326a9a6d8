"""How many two States both serve: their agreements, who signs them, and what was counted."""
