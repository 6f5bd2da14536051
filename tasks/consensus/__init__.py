"""What the crowd believes about each task, answer by answer and pass by pass, and what becomes of it."""
