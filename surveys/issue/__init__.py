"""Who may answer: signs the right to do so, blindly. Never sees an answer."""
