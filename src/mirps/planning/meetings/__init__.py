"""Meetings: the calendar, minutes, agreements and what became of them."""
