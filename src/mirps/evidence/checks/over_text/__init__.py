"""Rules over a report: how its claims are tied to one another by grammar."""
