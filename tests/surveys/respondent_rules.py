"""How each rule of linking and open links is broken; test_constraints.py runs them."""

from collections.abc import Callable
from typing import Any

from psycopg.types.json import Jsonb


def with_wave(desk: Any, **terms: Any) -> None:
    """Change the terms of the wave, which only the administrator's triggers refuse."""
    desk.run("SET LOCAL session_replication_role = replica")
    for name, value in terms.items():
        desk.run(f"UPDATE surveys_wave SET {name} = %s", value)
    desk.run("SET LOCAL session_replication_role = origin")


def short_pseudonym(desk: Any) -> None:
    with_wave(desk, links_waves=True)
    desk.response(pseudonym=bytes(31))


def band(desk: Any, **values: int) -> None:
    with_wave(desk, paradata=True)
    desk.response(**values)


def of_the_anonymous(desk: Any, **terms: Any) -> None:
    desk.run("SET LOCAL session_replication_role = replica")
    desk.run("UPDATE surveys_survey SET mode = 'anonymous'")
    desk.run("SET LOCAL session_replication_role = origin")
    desk.next_wave(**terms)


def quotas(desk: Any, table: str, value: object) -> None:
    desk.run(f"UPDATE surveys_{table} SET quotas = %s", Jsonb({"SEX.A1": value}))


RESPONDENT_RULES: dict[str, Callable[[Any], object]] = {
    "survey_linking_is_frozen": lambda d: d.run(
        "UPDATE surveys_survey SET links_waves = true"
    ),
    "response_pseudonym_is_sha256": short_pseudonym,
    "response_pseudonym_where_promised": lambda d: d.response(pseudonym=bytes(32)),
    "wave_terms_are_frozen": lambda d: d.run("UPDATE surveys_wave SET paradata = true"),
    "wave_paradata_where_allowed": lambda d: of_the_anonymous(d, paradata=True),
    "wave_quotas_where_allowed": lambda d: of_the_anonymous(
        d, quotas=Jsonb({"SEX.A1": {"1": 9}})
    ),
    "wave_quotas_are_numbers": lambda d: quotas(d, "wave", {"1": "nine"}),
    "survey_quotas_are_numbers": lambda d: quotas(d, "survey", 9),
    "survey_quotas_where_allowed": lambda d: d.survey(
        mode="anonymous", quotas=Jsonb({"SEX.A1": {"1": 9}})
    ),
    "wave_notice_is_bounded": lambda d: d.next_wave(notice=Jsonb({"en": "x" * 40000})),
    "wave_limit_is_positive": lambda d: d.run('UPDATE surveys_wave SET "limit" = 0'),
    "survey_notice_is_bounded": lambda d: d.survey(notice=Jsonb(["a list"])),
    "survey_panel_is_https": lambda d: d.survey(
        panel=Jsonb({"complete": "javascript:alert(1)"})
    ),
    "survey_paradata_where_allowed": lambda d: d.survey(
        mode="anonymous", paradata=True
    ),
    "survey_limit_is_positive": lambda d: d.run(
        'UPDATE surveys_survey SET "limit" = 0'
    ),
    "response_paradata_where_told": lambda d: d.response(duration=1),
    "response_duration_known": lambda d: band(d, duration=4),
    "response_device_known": lambda d: band(d, device=2),
}
