"""What is done by itself: again and again, at a time of day, or when a project's file says so."""
