"""The backlog planner: when will what is pending be decided, how sure is that, and what would change it."""
