"""Publishing a round: what holds it up, the one act that publishes all of it, the news of it."""
