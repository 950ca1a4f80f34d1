"""Who may be asked: participants, units of the organization, and lists brought from files."""
