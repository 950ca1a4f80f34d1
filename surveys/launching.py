"""Bring an anonymous or confidential wave into the field: cells, keys, codes, manifest.

Three steps, each repeatable: the promise and the cells are frozen in the organization's
rows; keys and digests of codes go to issuer and collector as the owner; then the
manifest is published and the wave opens. A worker that dies in between begins again.
"""

import base64
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Max

from surveys import parts
from surveys.actions import WITH_CREDENTIALS, freeze_promise
from surveys.bundle import client_digest
from surveys.credentials import (
    SigningKey,
    code_digest,
    link_codes,
    printed_codes,
    printed_digest,
    seal,
    unseal,
)
from surveys.definition import Text
from surveys.fieldwork.rotation import form_of_next_wave
from surveys.models import Cell, Promise, Survey, Wave
from surveys.models.promise import LEAST_INVITED
from surveys.promise import Thresholds
from surveys.tenancy import organization_scope


class CannotLaunch(Exception):
    """The wave cannot be asked like this; `code` names the sentence."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class NewCell:
    """A reporting unit to be: its name, how many are invited, and the cell above it.

    Attributes
    ----------
    invited : int
        At least eight; or 0 for a cell that only stands above others.
    printed : bool
        Codes on paper, drawn by hand, instead of links.
    parent : int or None
        Position of the cell above in the same list, which must stand earlier.
    key : UUID or None
        Its id to be, where the caller has to know it.
    made_of : str
        What it is made of, the same in every wave (`FormedCell.key`); blank if unknown.
    """

    name: Text
    invited: int
    parent: int | None = None
    printed: bool = False
    key: UUID | None = None
    made_of: str = ""


@transaction.atomic
def prepare_wave(
    *,
    survey: Survey,
    cells: Sequence[NewCell],
    thresholds: Thresholds,
    at: datetime,
) -> Wave:
    """Freeze promise and cells of the next wave; it opens once its keys are made.

    Raises
    ------
    CannotLaunch
        ``mode``, ``no_cells``, ``small_cell``, ``parent`` or ``wave_under_way``.
    """
    _check(survey, cells)
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    waves = Wave.objects.filter(survey=survey)
    if waves.exclude(state=Wave.State.CLOSED).exists():
        raise CannotLaunch("wave_under_way")
    last = waves.collected().aggregate(last=Max("number"))["last"] or 0
    wave = Wave.objects.create(
        organization_id=survey.organization_id,
        survey=survey,
        form=form_of_next_wave(survey),
        number=last + 1,
        state=Wave.State.PREPARING,
        opened_at=at,
        **locked.terms(),
    )
    freeze_promise(wave, survey.mode, thresholds)
    keys = [cell.key or uuid4() for cell in cells]
    for key, cell in zip(keys, cells, strict=True):
        Cell.objects.create(
            id=key,
            organization_id=survey.organization_id,
            wave=wave,
            parent_id=None if cell.parent is None else keys[cell.parent],
            name_en=cell.name.en,
            name_zh_hans=cell.name.zh_hans,
            key=cell.made_of,
            invited=cell.invited,
            printed=cell.printed,
        )
    return wave


def _check(survey: Survey, cells: Sequence[NewCell]) -> None:
    if survey.mode not in WITH_CREDENTIALS:
        raise CannotLaunch("mode")
    if not any(cell.invited for cell in cells):
        raise CannotLaunch("no_cells")
    for index, cell in enumerate(cells):
        if 0 < cell.invited < LEAST_INVITED or cell.invited < 0:
            raise CannotLaunch("small_cell")
        if cell.parent is not None and not 0 <= cell.parent < index:
            raise CannotLaunch("parent")


def open_prepared(organization_id: UUID, wave_id: UUID) -> None:
    """Make keys, hand the wave to issuer and collector, publish the manifest, open it.

    Repeating it does no harm: what is there is left as it is.
    """
    with organization_scope(organization_id):
        wave = Wave.objects.select_related("survey", "form", "promise").get(pk=wave_id)
        cells = list(Cell.objects.filter(wave=wave).order_by("id"))
    if wave.state != Wave.State.PREPARING:
        return
    keys = _hand_to_issuer(wave, cells)
    manifest = _hand_to_collector(wave, cells, keys, _manifest(wave, cells, keys))
    with organization_scope(organization_id):
        Promise.objects.filter(wave=wave, manifest="").update(manifest=manifest)
        Wave.objects.filter(pk=wave_id, state=Wave.State.PREPARING).update(
            state=Wave.State.OPEN
        )


def codes_of(cell: Cell, mode: str) -> Iterator[str]:
    """Yield the codes of a cell, of links or to be typed; the same every time."""
    derive = printed_codes if is_typed(cell, mode) else link_codes
    return derive(settings.SECRET_KEY, cell.wave_id, cell.pk, cell.invited)


def is_typed(cell: Cell, mode: str) -> bool:
    """Whether the code itself is the right to answer, without a blind signature."""
    return cell.printed or mode == Survey.Mode.CONFIDENTIAL


def _hand_to_issuer(wave: Wave, cells: Sequence[Cell]) -> dict[UUID, SigningKey]:
    """Store sealed keys and digests of link codes; return the keys by cell."""
    asked = [cell for cell in cells if not is_typed(cell, wave.survey.mode)]
    made = {cell.pk: SigningKey.generate() for cell in asked}
    with _writing("issuer") as cursor:
        cursor.execute(
            "INSERT INTO issuer.wave (id, organization_id, is_open)"
            " VALUES (%s, %s, true) ON CONFLICT DO NOTHING",
            [wave.pk, wave.organization_id],
        )
        if cursor.rowcount == 0:
            return _keys_made_before(cursor, wave)
        for cell in asked:
            der, place = made[cell.pk].to_der(), place_of(wave.pk, cell.pk)
            sealed = seal(der, secret=settings.SECRET_KEY, place=place)
            cursor.execute(
                "INSERT INTO issuer.key (wave_id, cell_id, sealed) VALUES (%s, %s, %s)",
                [wave.pk, cell.pk, sealed],
            )
            cursor.executemany(
                "INSERT INTO issuer.invitation (wave_id, cell_id, code)"
                " VALUES (%s, %s, %s)",
                [
                    (wave.pk, cell.pk, code_digest(code))
                    for code in _shuffled(codes_of(cell, wave.survey.mode))
                ],
            )
    return made


def _keys_made_before(cursor: CursorWrapper, wave: Wave) -> dict[UUID, SigningKey]:
    cursor.execute(
        "SELECT cell_id, sealed FROM issuer.key WHERE wave_id = %s", [wave.pk]
    )
    return {
        cell_id: SigningKey.from_der(
            unseal(
                bytes(sealed),
                secret=settings.SECRET_KEY,
                place=place_of(wave.pk, cell_id),
            )
        )
        for cell_id, sealed in cursor.fetchall()
    }


def place_of(wave_id: UUID, cell_id: UUID) -> bytes:
    """Where a sealed key belongs; it opens nowhere else."""
    return wave_id.bytes + cell_id.bytes


def _hand_to_collector(
    wave: Wave,
    cells: Sequence[Cell],
    keys: Mapping[UUID, SigningKey],
    manifest: str,
) -> str:
    """Tell the collector what is public; return the manifest that it publishes.

    It may be one from before: a worker died, the site was upgraded and began again.
    """
    with _writing("collector") as cursor:
        cursor.execute(
            "INSERT INTO collector.wave (id, organization_id, form_id, mode, state,"
            " simulated, item_count, least_batch, form, manifest,"
            " promise_en, promise_zh_hans, notice, study)"
            " VALUES (%s, %s, %s, %s, 'open', %s, %s, %s, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [
                wave.pk,
                wave.organization_id,
                wave.form_id,
                wave.survey.mode,
                wave.survey.simulated,
                wave.form.item_count,
                wave.promise.least_batch,
                wave.form.asked().to_json(),
                manifest,
                wave.promise.text_en,
                wave.promise.text_zh_hans,
                json.dumps(wave.notice, ensure_ascii=False),
                wave.survey_id if wave.links_waves else None,
            ],
        )
        if cursor.rowcount == 0:
            return _published_before(cursor, wave)
        for cell in cells:
            key = keys.get(cell.pk)
            cursor.execute(
                "INSERT INTO collector.cell (wave_id, id, parent_id, public_key)"
                " VALUES (%s, %s, %s, %s)",
                [
                    wave.pk,
                    cell.pk,
                    cell.parent_id,
                    key.verifying.to_der() if key else None,
                ],
            )
            if is_typed(cell, wave.survey.mode):
                cursor.executemany(
                    "INSERT INTO collector.printed (wave_id, cell_id, token)"
                    " VALUES (%s, %s, %s)",
                    [
                        (wave.pk, cell.pk, printed_digest(code))
                        for code in _shuffled(codes_of(cell, wave.survey.mode))
                    ],
                )
    return manifest


def _published_before(cursor: CursorWrapper, wave: Wave) -> str:
    cursor.execute("SELECT manifest FROM collector.wave WHERE id = %s", [wave.pk])
    return str(cursor.fetchone()[0])


@contextmanager
def _writing(part: str) -> Iterator[CursorWrapper]:
    """Open a transaction of the role that owns a part, wherever it lies."""
    alias = parts.owner_of(part)
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        yield cursor


def _shuffled(codes: Iterator[str]) -> list[str]:
    """Codes in an order that tells nothing of whose they are."""
    drawn = list(codes)
    secrets.SystemRandom().shuffle(drawn)
    return drawn


def _manifest(
    wave: Wave, cells: Sequence[Cell], keys: Mapping[UUID, SigningKey]
) -> str:
    """Write the public list of cells and keys; canonical, so that its hash is one.

    `client` is the digest of what browsers execute, as it was at launch.
    """
    listed: list[dict[str, object]] = []
    for cell in cells:
        entry: dict[str, object] = {"id": str(cell.pk), "invited": cell.invited}
        if cell.pk in keys:
            der = keys[cell.pk].verifying.to_der()
            entry["key"] = base64.b64encode(der).decode()
        listed.append(entry)
    content = {
        "wave": str(wave.pk),
        "mode": wave.survey.mode,
        "form": wave.form.digest,
        "promise": wave.promise.digest,
        "client": client_digest(),
        "cells": listed,
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"))
