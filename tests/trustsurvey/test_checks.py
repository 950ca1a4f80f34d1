"""Combinations of settings that would break a promise stop a deployment."""

import pytest
from django.conf import settings

from trustsurvey.checks import every_role_has_its_login


def test_three_logins_are_fine() -> None:
    assert every_role_has_its_login() == []


@pytest.mark.parametrize("alias", ["default", "collector"])
def test_a_shared_login_is_an_error_with_a_hint(
    monkeypatch: pytest.MonkeyPatch, alias: str
) -> None:
    owner = settings.DATABASES["owner"]["USER"]
    monkeypatch.setitem(settings.DATABASES[alias], "USER", owner)
    (error,) = every_role_has_its_login()
    assert error.id == "trustsurvey.E001"
    assert "RUNTIME_DATABASE_URL" in str(error.hint)
