"""What people in charge do for one person, beside roles and suspensions: rest, skills, remarks, letters, contact."""
