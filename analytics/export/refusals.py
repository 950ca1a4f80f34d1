"""Why data do not leave, or not in this format: each says what to do instead."""

from analytics.sentences import Sentence


class ExportRefused(Exception):
    """What was asked for is not handed out; `sentence` says why in both languages."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.text("en"))


class NotExportable(ExportRefused):
    """These answers are not handed out as rows."""


class TooLarge(ExportRefused):
    """The format cannot hold so much."""
