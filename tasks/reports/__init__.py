"""What is told of a project as a whole."""
