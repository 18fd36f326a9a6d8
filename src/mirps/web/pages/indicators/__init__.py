"""Indicators: what is counted from cases, how, and the latest counts that may be shown."""
