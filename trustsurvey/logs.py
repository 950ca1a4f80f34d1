"""What of a request may stand in a log: of respondents' requests, nothing but a fault."""

import logging
import traceback

RESPONDENTS = ("/s/", "/i/")  # the collector's and the issuer's doors


class OfNoRespondent(logging.Filter):
    """Drops what Django says about a respondent's request: refusals, with their path.

    A fault of ours stays, as the kind of exception and the place in the code. Its
    message goes: a database repeats in it what somebody answered.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is None or not request.path_info.startswith(RESPONDENTS):
            return True
        if not record.exc_info or record.exc_info[0] is None:
            return False
        kind, _, trace = record.exc_info
        place = traceback.extract_tb(trace)[-1]
        record.msg = "A respondent's request failed: %s at %s, line %s."
        record.args = (kind.__name__, place.filename, place.lineno)
        record.exc_info = None
        return True
