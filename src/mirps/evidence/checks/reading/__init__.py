"""From a file to its sentences, numbers, dates and nouns, in Spanish and English."""
