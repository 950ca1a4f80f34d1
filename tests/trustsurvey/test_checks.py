"""Combinations of settings that would break a promise stop a deployment."""

import pytest
from django.conf import settings

from trustsurvey.checks import three_roles_are_three_logins


def test_three_logins_are_fine() -> None:
    assert three_roles_are_three_logins() == []


@pytest.mark.parametrize("alias", ["default", "collector"])
def test_a_shared_login_is_an_error_with_a_hint(
    monkeypatch: pytest.MonkeyPatch, alias: str
) -> None:
    owner = settings.DATABASES["owner"]["USER"]
    monkeypatch.setitem(settings.DATABASES[alias], "USER", owner)
    (error,) = three_roles_are_three_logins()
    assert error.id == "trustsurvey.E001"
    assert "RUNTIME_DATABASE_URL" in str(error.hint)
