"""What a State lets go of its counts: tables protected, audited, approved by a person, stated in the ledger."""
