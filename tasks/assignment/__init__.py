"""Who gets what: the lease, the cursor, the caps; and what comes back: an answer, a skip, a report, an undo."""
