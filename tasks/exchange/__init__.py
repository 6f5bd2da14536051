"""Data in and out: a file for each format."""
