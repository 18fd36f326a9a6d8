"""Values entered in a round: each cell with every version anyone wrote, and the steps it took."""
