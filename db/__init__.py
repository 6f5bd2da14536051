"""Rows: the tables, the statements on them, and the one way to run a transaction."""
