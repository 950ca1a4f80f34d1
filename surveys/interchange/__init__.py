"""Files of other products to and from the content of a questionnaire; knows no Django.

`read_file` reads XLSForm, LimeSurvey (.lss, .lsg, .lsq, .txt), Qualtrics (.qsf), tables
of items and YAML in a confined process. The writers give XLSForm, LimeSurvey and a
codebook; YAML is `surveys.definition.questionnaire_to_yaml`.
"""

from surveys.interchange.codebook import to_codebook_csv
from surveys.interchange.confined import LARGEST_FILE, read_file
from surveys.interchange.findings import Finding, Imported, ImportRefused
from surveys.interchange.limesurvey_write import to_limesurvey_tsv, to_lss
from surveys.interchange.xlsform_write import to_xlsform

__all__ = [
    "LARGEST_FILE",
    "Finding",
    "ImportRefused",
    "Imported",
    "read_file",
    "to_codebook_csv",
    "to_limesurvey_tsv",
    "to_lss",
    "to_xlsform",
]
