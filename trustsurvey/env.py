"""Typed readers for environment variables; a malformed value stops the start-up."""

import os

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """Value of `name`; without a default it must be set and not empty."""
    value = os.environ.get(name) or default
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set; see .env.example.")
    return value


def flag(name: str, *, default: bool) -> bool:
    value = os.environ.get(name, "").lower() or ("true" if default else "false")
    if value not in {"true", "false"}:
        raise ImproperlyConfigured(f"{name} must be 'true' or 'false', not {value!r}.")
    return value == "true"


def number(name: str, *, default: int) -> int:
    value = os.environ.get(name, "") or str(default)
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def words(name: str, *, default: tuple[str, ...]) -> list[str]:
    """Comma-separated values of `name`."""
    value = os.environ.get(name, "")
    return [part.strip() for part in value.split(",") if part.strip()] or list(default)
