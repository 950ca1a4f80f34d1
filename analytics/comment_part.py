"""Part ``comments`` of a release: to which questions comments may be read, and why not.

Pure. The texts stay where they were answered: comments of an ended wave never change,
so that the part freezes the rule, the counts and the order (analytics/comments.py
reads them, and refuses where no such part was published). Comments belong to nobody's
cell, and no part of them is ever told by segment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analytics.plan import Text
from analytics.sentences import Sentence, say


@dataclass(frozen=True, slots=True)
class CommentQuestion:
    """A question that took free text; `code` is blank for the box that ends a form.

    `count` is null where the comments are hidden; then `reason` says why.
    """

    code: str
    text: Text
    count: int | None
    reason: Sentence | None


@dataclass(frozen=True, slots=True)
class CommentsPart:
    """Questions in form order, and the order in which their comments stand.

    Attributes
    ----------
    least : int
        Answers in the wave, and comments to a question, from which they are shown.
    shuffle : str
        Random hexadecimal digits, drawn for this release: comments stand by the md5 of
        it and their own random id, an order that says nothing.
    """

    questions: tuple[CommentQuestion, ...]
    least: int
    shuffle: str

    @property
    def shown(self) -> tuple[CommentQuestion, ...]:
        return tuple(one for one in self.questions if one.count is not None)

    @property
    def total(self) -> int:
        return sum(one.count or 0 for one in self.questions)


def comments_of(
    asked: Sequence[tuple[str, Text]],
    counts: Mapping[str, int],
    *,
    answered: int,
    least: int,
    shuffle: str,
) -> CommentsPart:
    """Decide to which questions comments are shown.

    A question may have been shown to some people only, so each needs its own number.

    Parameters
    ----------
    asked : sequence of (code, words)
        Questions that took free text, in form order.
    counts : mapping of code -> comments
    answered : int
        Answers in the wave.
    least : int
        `Promise.least_for_comments` of the wave.
    """
    few = say("comments_few_answers", needs=least) if answered < least else None
    questions = []
    for code, text in asked:
        count = counts.get(code, 0)
        reason = few or (say("comments_few", needs=least) if count < least else None)
        questions.append(CommentQuestion(code, text, None if reason else count, reason))
    return CommentsPart(tuple(questions), least, shuffle)
