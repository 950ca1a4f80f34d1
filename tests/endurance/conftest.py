"""An installation of its own for each test that breaks one."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.endurance.installation import Installation, copy_cluster, new_folder
from tests.endurance.web import Web, gunicorn

Say = Callable[[str], None]


@pytest.fixture(scope="session")
def pristine(django_db_blocker: DjangoDbBlocker) -> Iterator[Installation]:
    """Migrated and stopped; the others are copies of it."""
    with new_folder() as var, django_db_blocker.unblock():
        made = Installation(var)
        with made.held():
            made.prepare()
        yield made


@pytest.fixture
def installation(
    pristine: Installation, django_db_blocker: DjangoDbBlocker
) -> Iterator[Installation]:
    """Running and without rows; this process is connected to it."""
    with ExitStack() as stack:
        var = stack.enter_context(new_folder())
        copy_cluster(pristine, var / "postgres")
        made = Installation(var)
        stack.enter_context(django_db_blocker.unblock())
        stack.enter_context(made.held())
        stack.enter_context(made.connected())
        yield made
        made.kill()  # quicker than a stop; nobody needs what is in there


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Print what a test achieved, also where nobody asked for output."""

    def print_it(sentence: str) -> None:
        with capsys.disabled():
            print(f"\n{sentence}")

    return print_it


@pytest.fixture(scope="session")
def web(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Web]:
    """The site as `manage.py up` serves it, on the database of the tests."""
    with gunicorn(tmp_path_factory.mktemp("web") / "output") as running:
        yield running
