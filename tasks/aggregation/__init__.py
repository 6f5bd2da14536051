"""Files of answers from anywhere: read, aggregated, compared; no project, no database."""
