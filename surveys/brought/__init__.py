"""Answers from elsewhere: read, mapped to a form, looked at, stored as past waves."""
