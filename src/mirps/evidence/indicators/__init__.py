"""Figures computed from the case ledger: indicators as files, counted as whole cubes with all margins."""
