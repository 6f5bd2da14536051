"""Pieces of screens that several conversations use."""
