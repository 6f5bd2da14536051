"""Measurements: ``python -m bench`` (all) or ``python -m bench turn``; ``--short`` only sees that they work."""
