"""The respondent's surface: page and intake. No session, no cookie, no sign-in."""
