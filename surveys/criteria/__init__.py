"""Business outcomes of people: brought from files and programs, kept by person and day."""
