"""Finding a questionnaire: by need, by search, and what each entry says of itself."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from surveys import definition
from surveys.definition.library import FOLDER
from surveys.models import (
    EvidenceLine,
    Form,
    Organization,
    QuestionnaireDraft,
    QuestionnaireVersion,
    Survey,
)
from surveys.models.people import Role
from surveys.needs import NEEDS
from surveys.tenancy import organization_scope
from tests.factories import (
    EVERY_KIND,
    NOW,
    make_member,
    make_version,
    publish_library,
    signed_in,
)

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def library() -> dict[str, QuestionnaireVersion]:
    return {version.code: version for version in publish_library()}


def context_of(client: Client, **query: Any) -> Any:
    reply = client.get("/library/", query, headers={"Accept-Language": "en"})
    assert reply.status_code == 200
    return reply.context


def found(client: Client, **query: Any) -> set[str]:
    return {entry.version.code for entry in context_of(client, **query)["found"]}


def text_of(client: Client, address: str) -> str:
    reply = client.get(address, headers={"Accept-Language": "en"})
    assert reply.status_code == 200
    return " ".join(reply.content.decode().split())


def use(
    organization: Organization, asks: definition.Questionnaire
) -> QuestionnaireVersion:
    """Publish a questionnaire of one's own."""
    with organization_scope(organization.pk):
        return QuestionnaireVersion.objects.create(
            organization=organization,
            code=asks.code,
            version=1,
            kind=asks.kind,
            evidence_level="E0",
            source=definition.questionnaire_to_yaml(asks),
            digest=definition.digest(asks),
        )


def test_every_need_is_asked_as_a_question_and_leads_on(
    owner: Client, library: dict[str, QuestionnaireVersion]
) -> None:
    page = text_of(owner, "/library/")
    for need in NEEDS:
        assert need.question.en in page.replace("&#x27;", "'")
        for suggested in need.suggestions:
            key = library[suggested.asks.code].pk
            assert reverse("surveys:instrument", args=[key]) in page
    suggested_ones = sum(len(need.suggestions) for need in NEEDS)
    assert page.count("Start a survey") == suggested_ones + len(library)


def test_a_need_starts_a_survey_with_everything_filled_in(
    organization: Organization,
    owner: Client,
    library: dict[str, QuestionnaireVersion],
) -> None:
    needs = context_of(owner)["needs"]
    shown = {one.need.code: one for _, _, group in needs for one in group}
    page = owner.get(shown["cars"].suggestions[1].start)
    form = page.context["form"]
    sent = {name: form[name].value() for name in form.fields}
    titles = {"title_en": "After the drive", "title_zh_hans": "试驾之后"}
    filled = {name: value for name, value in sent.items() if value is not None}
    # what its scales need is not in the short form, and the suggestion says so
    owner.post(reverse("surveys:new"), filled | titles)
    with organization_scope(organization.pk):
        asked = Form.objects.get(survey=Survey.objects.get()).asked()
    car, outcomes = asked.instruments
    assert (car.code, car.form, outcomes.code, outcomes.short) == (
        "ABT",
        "prospect",
        "OUT-C",
        False,
    )
    scales = {scale.code for scale in asked.scales if scale.role == "outcome"}
    assert scales == {"OUT-C.TRY", "OUT-C.WOM"}
    assert asked.referent_code == "brand"


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        (
            {"asked": "partners"},
            {"PPT", "OUT-P", "TCR", "ABI", "CTL", "OUT-C", "OUT-E"},
        ),
        ({"text": "disclosure motives conflict zebra"}, set()),
        ({"text": "抱负水平"}, set()),
        ({"text": "PSYCHOLOGICAL contract"}, {"EOT", "TCR"}),
        ({"text": "心理契约"}, {"EOT"}),
        ({"referent": "salesperson"}, {"RTS", "OUT-C"}),
        ({"referent": "supplier"}, {"PPT", "OUT-P"}),
        ({"evidence": "E1"}, set()),
        ({"whose": "own"}, set()),
    ],
)
def test_the_shelf_can_be_searched(
    owner: Client,
    library: dict[str, QuestionnaireVersion],
    query: dict[str, str],
    codes: set[str],
) -> None:
    assert found(owner, **query) == codes


def test_length_counts_the_shorter_form_in_the_readers_language(
    owner: Client, library: dict[str, QuestionnaireVersion]
) -> None:
    two = found(owner, minutes=2)
    assert {"ABI", "RTS", "TBF", "OUT-C", "CTL"} <= two
    assert not {"TBE", "EOT", "TAP"} & two
    assert two < found(owner, minutes=3) < found(owner)


def test_needs_follow_the_search(
    owner: Client, library: dict[str, QuestionnaireVersion]
) -> None:
    context = context_of(owner, asked="partners")
    # a need of anybody is one of partners too
    assert [code for code, _, _ in context["needs"]] == ["partners", "everybody"]
    assert context_of(owner, whose="own")["needs"] == []
    assert "No questionnaire fits all of this" in text_of(owner, "/library/?text=zebra")


def test_what_cannot_be_understood_is_said_and_finds_everything(
    owner: Client, library: dict[str, QuestionnaireVersion]
) -> None:
    context = context_of(owner, minutes="soon", asked="nobody")
    assert set(context["form"].errors) == {"minutes", "asked"}
    assert len(context["found"]) == context["total"]


def test_ones_own_questionnaires_and_drafts_come_first(
    organization: Organization,
    owner: Client,
    library: dict[str, QuestionnaireVersion],
) -> None:
    own = make_version(organization)
    with organization_scope(organization.pk):
        draft = QuestionnaireDraft.objects.create(
            organization=organization,
            code="NEXT",
            content={"name": {"en": "Next one", "zh-hans": ""}},
            changed_at=NOW,
        )
    context = context_of(owner)
    assert context["found"][0].version == own
    assert context["groups"][0][0] == "own"
    assert reverse("surveys:draft", args=[draft.pk]) in text_of(owner, "/library/")
    auditor = signed_in(
        make_member(organization, email="a@example.org", role=Role.AUDITOR)
    )
    assert "Next one" not in text_of(auditor, "/library/")
    assert found(owner, whose="own") == {"OWN"}


def test_the_badge_is_the_level_that_the_lines_carry(
    organization: Organization,
    owner: Client,
    library: dict[str, QuestionnaireVersion],
) -> None:
    version = library["ABI"]
    with organization_scope(organization.pk):
        EvidenceLine.objects.create(
            organization=organization,
            questionnaire_code=version.code,
            questionnaire_version=version.version,
            questionnaire_digest=version.digest,
            language="en",
            source="content",
            kind="content",
            figures={"experts": 6, "least_i_cvi": 0.83, "s_cvi_ave": 0.95},
            sample={"part": "whole"},
            released_by="owner@example.org",
            released_at=NOW,
        )
    assert found(owner, evidence="E1") == {"ABI"}
    page = text_of(owner, reverse("surveys:instrument", args=[version.pk]))
    assert "English: E1 · Chinese: E0" in page
    assert reverse("surveys:dossier", args=[version.pk]) in page


def test_changed_wording_of_a_published_scale_says_so(
    organization: Organization, owner: Client
) -> None:
    source = (FOLDER / "ability_benevolence_integrity.yaml").read_text(encoding="utf-8")
    asks = definition.parse_questionnaire(source, source="own")
    version = use(
        organization,
        replace(asks, code="MD", catalogue="mayer-davis-1999", modified=True),
    )
    assert "published coefficients do not apply" in text_of(owner, "/library/")
    page = text_of(owner, reverse("surveys:instrument", args=[version.pk]))
    assert "published figures do not apply" in page
    assert reverse("surveys:catalogue-record", args=["mayer-davis-1999"]) in page
    # its licence does not let the wording out
    assert "Take it along" not in page


def test_an_instrument_says_how_each_question_is_answered(
    owner: Client, library: dict[str, QuestionnaireVersion]
) -> None:
    page = text_of(owner, reverse("surveys:instrument", args=[library["TCR"].pk]))
    for expected in (
        "only if EV1 was answered “Yes”",
        "Questions, not a scale: no score is computed.",
        "A profile: the items make up the score",
    ):
        assert expected in page
    controls = text_of(owner, reverse("surveys:instrument", args=[library["CTL"].pk]))
    assert "attention check: expects" in controls
    assert f"?controls={library['CTL'].pk}" in controls
    employees = text_of(owner, reverse("surveys:instrument", args=[library["EOT"].pk]))
    assert "Trust in: my team leader" in employees


def test_every_kind_of_answer_is_described(
    organization: Organization, owner: Client
) -> None:
    source = EVERY_KIND.read_text(encoding="utf-8")
    version = use(organization, definition.parse_questionnaire(source, source="own"))
    page = text_of(owner, reverse("surveys:instrument", args=[version.pk]))
    assert "a whole number from" in page
    assert "text of at most" in page


def test_a_named_wording_can_be_read(
    owner: Client, library: dict[str, QuestionnaireVersion]
) -> None:
    address = reverse("surveys:instrument", args=[library["ABT"].pk])
    assert "not asked in this wording" not in text_of(owner, address)
    prospect = text_of(owner, f"{address}?form=prospect")
    assert prospect.count("not asked in this wording") == 6
    unknown = text_of(owner, f"{address}?form=none")
    assert "not asked in this wording" not in unknown


def test_an_instrument_leads_to_published_scales_and_files(
    owner: Client, library: dict[str, QuestionnaireVersion]
) -> None:
    page = text_of(owner, reverse("surveys:instrument", args=[library["TBE"].pk]))
    assert reverse("surveys:catalogue-record", args=["mcallister-1995"]) in page
    assert "Take it along" in page
    assert "What a careful editor would still say" in page


@pytest.fixture
def chosen(library: dict[str, QuestionnaireVersion]) -> dict[str, Any]:
    """What the page of a new survey sends about the digital questionnaire."""
    return {
        "key": str(uuid4()),
        "title_en": "Trust in our service",
        "title_zh_hans": "对我们服务的信任",
        "questionnaire": str(library["DAT"].pk),
        "referent": "company",
        "mode": "open",
    }


def form_made(organization: Organization) -> definition.Form:
    with organization_scope(organization.pk):
        return Form.objects.get().asked()


def test_length_scales_controls_and_language_can_be_chosen(
    organization: Organization,
    owner: Client,
    library: dict[str, QuestionnaireVersion],
    chosen: dict[str, Any],
) -> None:
    key, control = library["DAT"].pk, library["CTL"].pk
    chosen |= {
        f"length-{key}": "short",
        f"scales-{key}": ["AI", "DP"],
        "controls": [str(control)],
        f"scales-{control}": ["PRO"],
        "languages": "zh-hans",
        # nobody ticked this one
        f"length-{library['OUT-C'].pk}": "endless",
    }
    assert owner.post(reverse("surveys:new"), chosen).status_code == 302
    form = form_made(organization)
    assert [s.code for s in form.scales] == ["DAT.AI", "DAT.DP", "CTL.PRO"]
    assert form.item_count == 2 + 2 + 4
    assert form.languages == ("zh-hans",)


def test_a_scale_that_the_short_form_leaves_out_is_not_lost_silently(
    organization: Organization,
    owner: Client,
    library: dict[str, QuestionnaireVersion],
    chosen: dict[str, Any],
) -> None:
    pack = library["OUT-C"].pk
    chosen |= {"outcomes": [str(pack)], f"scales-{pack}": ["SAT", "WOM"]}
    page = owner.post(reverse("surveys:new"), chosen)
    errors = page.context["form"].errors
    assert "Word of mouth" in str(errors[f"scales-{pack}"])
    with organization_scope(organization.pk):
        assert not Survey.objects.exists()
    chosen[f"length-{pack}"] = "full"
    assert owner.post(reverse("surveys:new"), chosen).status_code == 302
    assert form_made(organization).item_count == 21 + 6


def test_outcome_packs_start_with_their_short_form(
    owner: Client, library: dict[str, QuestionnaireVersion]
) -> None:
    page = owner.get(reverse("surveys:new"), {"questionnaire": str(library["RTS"].pk)})
    form = page.context["form"]
    assert form[f"length-{library['OUT-C'].pk}"].value() == "short"
    assert form[f"length-{library['RTS'].pk}"].value() == "full"
    assert form["referent"].value() == "salesperson"
