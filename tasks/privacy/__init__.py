"""What protects people: names that lead back to nobody."""
