"""What people have shown that they can do: practice, quizzes, skills, gates; and the door of each project."""
