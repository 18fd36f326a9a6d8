"""How many people two registers share, without either telling the other, or anybody, who is in it."""
