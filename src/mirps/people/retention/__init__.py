"""Retention: letting go of what is kept too long. The only place that removes what was said of people."""
