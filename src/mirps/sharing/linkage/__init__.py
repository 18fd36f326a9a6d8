"""How many do we both serve: two States agree, send rows that nobody reads, and learn protected counts."""
