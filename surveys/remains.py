"""What remains possible in an anonymous wave, in the words of the respondent's page.

The page and the sheet on paper show the same sentences, from here; docs/anonymity.md says
them at length.
"""

from django.utils.translation import gettext as _


def remains() -> list[str]:
    """Sentences in the language that is active."""
    return [
        _(
            "Whoever runs this site and means harm could send one person another page "
            "than everybody else. The six words make that visible to those who compare "
            "them."
        ),
        _(
            "Whoever runs this site and means harm could make up rights to answer, and "
            "answers with them. The published numbers set a bound to that, for those who "
            "compare."
        ),
        _(
            "Whoever runs this site, or the network, could watch who is connected when, "
            "as it happens."
        ),
        _(
            "Whoever copies the running server before answers are mixed could guess from "
            "the order of arrival."
        ),
        _(
            "In a small group, or where everybody answers alike, results say something "
            "about each person."
        ),
        _("Comments may be recognised by their style or by what they tell."),
        _("Who invites can see who never opened the survey."),
        _(
            "Your own device holds your answers until they are sent, and whoever may use "
            "it could read them. Use one that is yours."
        ),
        _(
            "An invitation can be opened on up to three devices, and each of them could "
            "send answers. The published numbers show how often that happened."
        ),
    ]
