"""The catalogue of published trust and loyalty scales: facts, never wording.

Pure: knows neither Django nor a database, as `surveys.definition`.
"""

from surveys.catalogue.errors import CatalogueError
from surveys.catalogue.parse import parse_record
from surveys.catalogue.record import (
    TOTAL,
    Adaptation,
    Check,
    Count,
    Dimension,
    Displayed,
    Figure,
    Published,
    Record,
    Rights,
    Structure,
)
from surveys.catalogue.shelf import LENGTHS, Wanted, catalogue, find, load_records

__all__ = [
    "LENGTHS",
    "TOTAL",
    "Adaptation",
    "CatalogueError",
    "Check",
    "Count",
    "Dimension",
    "Displayed",
    "Figure",
    "Published",
    "Record",
    "Rights",
    "Structure",
    "Wanted",
    "catalogue",
    "find",
    "load_records",
    "parse_record",
]
