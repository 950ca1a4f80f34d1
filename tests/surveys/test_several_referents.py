"""The same block asked about several referents, such as brand and competitor."""

from uuid import uuid4

import pytest

from surveys.collect import page
from surveys.csv_files import item_cells
from surveys.definition import (
    LANGUAGES,
    DefinitionError,
    Form,
    FormPart,
    Text,
    compile_form,
    decode_answers,
    load_library,
)

NEWEST = {questionnaire.code: questionnaire for questionnaire in load_library()}
HARBOUR = Text("Harbour Tea", "港湾茶")
RIVALS = [Text("Rival Tea", "对手茶"), Text("Third Tea", "第三茶")]


def form_about(*others: Text, codes: tuple[str, ...] = ("TBE", "OUT-C", "CTL")) -> Form:
    return compile_form(
        [FormPart(NEWEST[code], short=False) for code in codes],
        title=Text("Brands", "品牌"),
        referent=HARBOUR,
        languages=LANGUAGES,
        comment=True,
        others=others,
    )


def test_what_names_the_referent_is_asked_about_each_and_the_rest_once() -> None:
    form = form_about(*RIVALS)
    texts = {item.code: item.text for item in form.items}
    for code, brand in (("TBE.T1", HARBOUR), ("TBE_2.T1", RIVALS[0])):
        assert brand.en in texts[code].en
        assert brand.zh_hans in texts[code].zh_hans
    assert "Third Tea" in texts["TBE_3.T1"].en
    # a disposition to trust is nobody's: it is asked once, at the end
    once = [s.code for s in form.scales if s.code.startswith("CTL.")]
    assert "CTL.PRO" in once
    assert "CTL_2.PRO" not in {s.code for s in form.scales}
    assert form.scales[-1].code in once


def test_the_blocks_stand_one_after_the_other_in_the_form() -> None:
    about = [
        scale.about for scale in form_about(*RIVALS, codes=("TBE", "OUT-C")).scales
    ]
    assert about == sorted(about)
    assert set(about) == {0, 1, 2}


def test_a_form_about_several_survives_storing() -> None:
    form = form_about(*RIVALS)
    assert Form.from_json(form.to_json()) == form


def test_a_form_about_one_is_stored_as_before() -> None:
    assert "others" not in form_about().to_data()
    assert all("about" not in scale for scale in form_about().to_data()["scales"])


def test_answers_are_decoded_by_their_own_codes() -> None:
    form = form_about(RIVALS[0], codes=("TBE",))
    codes = decode_answers(form, {"TBE.T1": "5", "TBE_2.T1": "2"})
    given = dict(zip((item.code for item in form.items), codes, strict=True))
    assert (given["TBE.T1"], given["TBE_2.T1"], given["TBE_2.T2"]) == (5, 2, -1)


def test_the_codebook_knows_the_questionnaire_of_both() -> None:
    form = form_about(RIVALS[0], codes=("TBE",))
    first, second = form.items[0], form.items[form.item_count // 2]
    assert second.code == "TBE_2.T1"
    code = form.instruments[0].code
    assert code in item_cells(form, first)
    assert code in item_cells(form, second)


@pytest.mark.parametrize(
    ("others", "code"),
    [
        ([Text("harbour tea ", "别的茶")], "duplicate"),
        ([Text("Other", "港湾茶")], "duplicate"),
        ([Text(f"Tea {k}", f"茶{k}") for k in range(5)], "too_many_referents"),
    ],
)
def test_what_cannot_be_told_apart_or_is_too_much_is_refused(
    others: list[Text], code: str
) -> None:
    with pytest.raises(DefinitionError) as refused:
        form_about(*others)
    assert refused.value.code == code


def test_a_questionnaire_that_names_nobody_cannot_be_asked_about_two() -> None:
    with pytest.raises(DefinitionError) as refused:
        form_about(RIVALS[0], codes=("EOT", "OUT-E"))
    assert refused.value.code == "nothing_asked_again"


def test_the_page_has_a_block_for_each_and_one_for_the_rest() -> None:
    context = page.form_context(
        form_about(*RIVALS),
        wave_id=uuid4(),
        language="en",
        simulated=False,
        answers={},
        errors={},
    )
    names = [block.about for block in context["blocks"]]
    assert names == ["Harbour Tea", "Rival Tea", "Third Tea", ""]
    items = [item for block in context["blocks"] for item in block.items]
    assert [item.number for item in items] == list(range(1, len(items) + 1))
