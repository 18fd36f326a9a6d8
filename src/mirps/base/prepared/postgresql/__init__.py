"""Django's PostgreSQL, whose transactions begin and end in the pipeline (decision 0034)."""
