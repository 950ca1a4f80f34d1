from django.urls import include, path

from surveys import authoring_urls
from surveys.collect import urls as respondents  # noqa: F401, brings <language:...>
from surveys.views import (
    answers,
    catalogue,
    criteria,
    design,
    dossier,
    experts,
    imports,
    instrument,
    launch,
    library,
    link_settings,
    loading,
    merged,
    messages,
    optout,
    papers,
    planned,
    preview,
    questionnaire,
    quotas,
    surveys,
    tokens,
    unasked,
    versions,
    waves,
    webhooks,
)

app_name = "surveys"
urlpatterns = [
    path("out/<str:token>/", optout.opt_out, name="opt-out"),
    path("waves/<uuid:wave_id>/messages/", messages.wave_messages, name="messages"),
    path(
        "waves/<uuid:wave_id>/messages/again/", messages.send_again, name="send-again"
    ),
    path("surveys/<uuid:survey_id>/texts/", messages.mail_texts, name="texts"),
    path("sender/", messages.sender, name="sender"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<uuid:token_id>/revoke/", tokens.revoke, name="revoke-token"),
    path("people/outcomes/", criteria.criteria, name="criteria"),
    path(
        "people/outcomes/<uuid:criterion_id>/remove/",
        criteria.remove_criterion,
        name="remove-criterion",
    ),
    path(
        "people/outcomes/files/<uuid:values_id>/",
        criteria.criterion_file,
        name="criterion-file",
    ),
    path("surveys/<uuid:survey_id>/outcomes/", criteria.outcomes, name="outcomes"),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/<uuid:endpoint_id>/", webhooks.webhook, name="webhook"),
    path(
        "webhooks/deliveries/<uuid:delivery_id>/again/",
        webhooks.send_again,
        name="webhook-again",
    ),
    path("", include("surveys.schedule_urls")),
    path("", surveys.survey_list, name="list"),
    path("library/", library.library, name="library"),
    path("library/catalogue/", catalogue.catalogue_list, name="catalogue"),
    path(
        "library/catalogue/<slug:record_id>/",
        catalogue.catalogue_record,
        name="catalogue-record",
    ),
    path(
        "library/catalogue/<slug:record_id>/load/",
        loading.load_scale,
        name="load_scale",
    ),
    path("library/<uuid:version_id>/", instrument.instrument, name="instrument"),
    path(
        "library/<uuid:version_id>/preview/<language:language>/",
        preview.preview,
        name="preview",
    ),
    path(
        "library/<uuid:version_id>/questionnaire/<language:language>.pdf",
        questionnaire.version_questionnaire,
        name="version-questionnaire",
    ),
    path(
        "library/<uuid:version_id>/import/",
        imports.import_answers,
        name="import_answers",
    ),
    path("", include("surveys.brought.urls")),
    path("drafts/", include("surveys.authoring_urls")),
    path("people/", include("surveys.people.urls")),
    path("library/<uuid:version_id>/files/", include(authoring_urls.version_files)),
    path("surveys/new/", design.new_survey, name="new"),
    path("surveys/<uuid:survey_id>/", surveys.survey, name="survey"),
    path(
        "surveys/<uuid:survey_id>/link/",
        link_settings.link_settings,
        name="link-settings",
    ),
    path("surveys/<uuid:survey_id>/link/quotas/", quotas.quotas, name="quotas"),
    path(
        "surveys/<uuid:survey_id>/rename/", unasked.rename_survey, name="rename-survey"
    ),
    path("surveys/<uuid:survey_id>/throw-away/", unasked.throw_away, name="throw-away"),
    path("surveys/<uuid:survey_id>/open/", waves.open_wave, name="open-wave"),
    path(
        "surveys/<uuid:survey_id>/preview/<language:language>/",
        design.survey_preview,
        name="survey-preview",
    ),
    path(
        "surveys/<uuid:survey_id>/questionnaire/<language:language>.pdf",
        questionnaire.survey_questionnaire,
        name="survey-questionnaire",
    ),
    path("surveys/<uuid:survey_id>/start/", planned.start, name="start"),
    path("surveys/<uuid:survey_id>/launch/", launch.launch, name="launch"),
    path("waves/<uuid:wave_id>/", waves.wave, name="wave"),
    path("waves/<uuid:wave_id>/poster.pdf", papers.poster_pdf, name="poster"),
    path("waves/<uuid:wave_id>/sheet.pdf", papers.sheet_pdf, name="sheet"),
    path("groups/<uuid:cell_id>/codes.csv", papers.codes_csv, name="codes-csv"),
    path("groups/<uuid:cell_id>/codes.pdf", papers.codes_pdf, name="codes-pdf"),
    path(
        "library/<uuid:version_id>/difference/<uuid:other_id>/",
        versions.difference,
        name="difference",
    ),
    path("surveys/<uuid:survey_id>/revise/", versions.revise, name="revise"),
    path(
        "surveys/<uuid:survey_id>/codebook.csv",
        merged.merged_codebook_csv,
        name="merged-codebook",
    ),
    path("waves/<uuid:wave_id>/close/", waves.close_wave, name="close-wave"),
    path("waves/<uuid:wave_id>/codebook.csv", answers.codebook_csv, name="codebook"),
    path(
        "library/<uuid:version_id>/dossier/",
        dossier.dossier,
        name="dossier",
    ),
    *(
        path(
            f"library/<uuid:version_id>/dossier/{kind}/",
            dossier.enter_line,
            {"kind": kind},
            name="enter-line",
        )
        for kind in dossier.TITLES
    ),
    path("evidence/<uuid:line_id>/withdraw/", dossier.withdraw, name="withdraw"),
    path(
        "library/<uuid:version_id>/dossier/experts/",
        experts.open_review,
        name="open-review",
    ),
    path(
        "library/reviews/<uuid:review_id>/close/",
        experts.close_review,
        name="close-review",
    ),
    path(
        "ratings/<uuid:rating_id>/exclude/",
        experts.exclude_rating,
        name="exclude-rating",
    ),
    path("experts/<uuid:review_id>/", experts.expert_form, name="expert"),
    path(
        "experts/<uuid:review_id>/received/",
        experts.expert_thanks,
        name="expert-thanks",
    ),
]
