"""API v1 of surveys and fieldwork, and what every part of the API shares."""
