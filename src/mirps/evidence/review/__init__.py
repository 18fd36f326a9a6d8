"""Review of a round: questions and answers, sending back, unlocking, two approvals, what blocks."""
