"""People are asked: cells, schedules, invitations, messages, participation."""
