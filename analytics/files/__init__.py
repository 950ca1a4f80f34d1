"""A release as files: PDF, slides, pictures, mail. All read the sections of the page."""
