"""Verification: asking a civil registry or a biometric engine whether somebody is who they say."""
