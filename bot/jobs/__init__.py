"""Work that is not a turn: what the clock calls for, and what is too long for a transaction."""
