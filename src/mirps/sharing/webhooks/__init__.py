"""Webhooks: an institution's system is told that something happened, without a word of whom."""
