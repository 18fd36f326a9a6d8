"""The systems of institutions: registering them, their keys, what they are told and what they answered."""
