"""Letters: what an act of a procedure gives in writing, signed, verified without a line, and delivered with proof."""
