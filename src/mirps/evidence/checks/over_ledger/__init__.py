"""Rules over the figure ledger: which figures are tied to which, column by column."""
