"""Training mode: a copy of the city, letters made up by a program, exercises that their history marks as done."""
