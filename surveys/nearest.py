"""Which record of the catalogue is meant by a citation in a questionnaire, and its name.

`nearest_published` names scales as an author would; names cannot be matched by rule
without mistakes, so each is put to its record here. What is not in the catalogue (or
names another paper of the same people) is left out.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from surveys.catalogue import catalogue

RECORDS: Mapping[str, str] = MappingProxyType(
    {
        "Cammann, Fichman, Jenkins and Klesh, job satisfaction and intention to leave": (
            "cammann-turnover-intention"
        ),
        "Chaudhuri and Holbrook, purchase and attitudinal loyalty": (
            "chaudhuri-holbrook-2001"
        ),
        "Cook and Wall, interpersonal trust at work": "cook-wall-1980",
        "Delgado-Ballester, brand trust scale (reliability, intentions)": (
            "delgado-ballester-bts"
        ),
        "Doney and Cannon, trust in supplier firm and salesperson": "doney-cannon-1997",
        "Doney and Cannon, trust in the supplier firm": "doney-cannon-1997",
        "Farh, Tsui, Xin and Cheng, intention to leave (Chinese)": "farh-1998-turnover",
        "Ferres and Travaglione, Workplace Trust Survey": "ferres-wts",
        "Frazier, Johnson and Fainshmidt, propensity to trust": "frazier-propensity",
        "Ganesan, credibility and benevolence": "ganesan-1994",
        "Ganesan, credibility and benevolence of a vendor": "ganesan-1994",
        "Gillespie, Behavioral Trust Inventory": "gillespie-bti",
        "Gurviez and Korchia, brand trust (credibility, integrity, benevolence)": (
            "gurviez-korchia-2002"
        ),
        "Hernandez and Santos, development-based trust": "hernandez-santos-2010",
        "International Personality Item Pool, trust": "ipip-trust",
        "Jian, Bisantz and Drury, trust in automation": "jian-automation-trust",
        "Kähkönen, Vanhala and Blomqvist, employee trust-repair practices": (
            "etrs-trust-repair"
        ),
        "Li, Yan and Jin, trust in leader, colleagues and top management": (
            "li-2006-organization"
        ),
        "Mayer and Davis, ability, benevolence and integrity": "mayer-davis-1999",
        "Mayer and Davis, ability, benevolence, integrity and trust": (
            "mayer-davis-1999"
        ),
        "McAllister, cognition-based and affect-based trust": "mcallister-1995",
        "McKnight, Carter, Thatcher and Clay, trust in a specific technology": (
            "mcknight-2011-technology"
        ),
        "McKnight, Choudhury and Kacmar, trust in a web vendor": (
            "mcknight-2002-ecommerce"
        ),
        "McKnight, Choudhury and Kacmar, trusting beliefs and intentions": (
            "mcknight-2002-ecommerce"
        ),
        "Meyer and Allen, affective commitment": "meyer-allen-tcm",
        "Morgan and Hunt, antecedents of commitment and trust "
        "(communication, shared values)": "morgan-hunt-1994",
        "Morgan and Hunt, cooperation and propensity to leave": "morgan-hunt-1994",
        "Morgan and Hunt, trust and relationship commitment": "morgan-hunt-1994",
        "Oliver, four stages of loyalty": "oliver-harris-goode-loyalty",
        "Plank, Reid and Pullins, trust in salesperson, product and company": (
            "plank-reid-pullins"
        ),
        "Robinson, trust in employer and psychological contract": "robinson-1996",
        "Schnackenberg, Tomlinson and Coen, transparency "
        "(disclosure, clarity, accuracy)": "schnackenberg-transparency",
        "Schoorman and Ballinger, trust in supervisor": "schoorman-ballinger-7",
        "Simons, behavioral integrity": "simons-behavioral-integrity",
        "Sirdeshmukh, Singh and Sabol, consumer trust in frontline staff and "
        "policies": "sirdeshmukh-2002",
        "Sirdeshmukh, Singh and Sabol, practices of frontline staff and of "
        "management": "sirdeshmukh-2002",
        "TrustDiff, semantic differential of trust in websites": "trustdiff",
        "Yamagishi and Yamagishi, general trust": "yamagishi-general-trust",
        "Yuan, Luo and Li, brand trust of Chinese consumers "
        "(quality, goodwill, ability)": "yuan-2007-brand-trust",
        "Zaheer, McEvily and Perrone, negotiation costs and performance": "zaheer-1998",
        "Zeithaml, Berry and Parasuraman, behavioural intentions battery": (
            "zeithaml-intentions"
        ),
    }
)


def record_of(citation: str) -> str | None:
    """Id of the catalogue's record of a scale named in a questionnaire."""
    return RECORDS.get(citation)


def nearest_to(citations: Iterable[str], language: str) -> list[tuple[str, str | None]]:
    """Name each scale for a reader of `language`, with the id of its record, if any.

    A citation is English and says which part of a scale is near. Whoever reads Chinese
    gets the name that the record has in Chinese, where there is a record.
    """
    return [(_name(one, language), record_of(one)) for one in citations]


def _name(citation: str, language: str) -> str:
    record = record_of(citation)
    if language == "en" or record is None:
        return citation
    return catalogue()[record].name.in_(language)
