"""Exports for tests: asked for through the page, or stored as if they were."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from analytics.export import storage
from analytics.export.models import Export
from surveys.models import Wave
from surveys.tenancy import organization_scope

CONTENT = b"row,answer\r\n1,5\r\n2,4\r\n"


def make_export(wave: Wave, *, content: bytes = CONTENT, **changed: Any) -> Export:
    """Store an export that is ready, with its file."""
    run, now = uuid4(), timezone.now()
    with storage.workplace(run) as place:
        (place / "file").write_bytes(content)
        size, sha256 = storage.keep(place / "file", run)
    row: dict[str, Any] = {
        "kind": "data",
        "format": "csv",
        "language": "en",
        "waves": [wave.number],
        "options": {"raw": True, "keyed": True, "scores": True},
        "state": "ready",
        "asked_by": "owner@example.org",
        "asked_at": now,
        "worked_at": now,
        "rows": 2,
        "run": run,
        "size": size,
        "sha256": sha256,
        "filename": "我们信任港湾茶吗_第1轮.csv",
        "ready_at": now,
        "expires_at": now + timedelta(days=settings.EXPORTS_DAYS),
    }
    with organization_scope(wave.organization_id):
        return Export.objects.create(
            organization_id=wave.organization_id,
            survey_id=wave.survey_id,
            **(row | changed),
        )


def stored(export: Export) -> Path:
    """Return where the file of an export lies, or would."""
    assert export.run is not None
    return storage.file_of(export.run)
