"""Disclosure control: what of a release may be told, and the auditor that attacks it."""
