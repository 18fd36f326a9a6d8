"""Names as people here bear them: read, keyed by sound, compared, with the reasons in words."""
