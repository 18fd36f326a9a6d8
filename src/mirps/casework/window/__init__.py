"""A person's own window on their case: a code, a second secret, no account, and nothing that tells who they are."""
