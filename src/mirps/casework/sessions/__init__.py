"""Commissions that decide in session: members, agenda, quorum, votes, results, minutes."""
