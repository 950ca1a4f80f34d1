"""Fixtures that every test may use. Data that may be absent is said to be."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real answers that lie outside the repository."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real data sets do not lie beside this clone (../shared/data)")
    return SHARED_DATA
