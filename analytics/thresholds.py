"""Guide values and where they come from. They label a number; they judge no validity.

Nunnally (1978), Psychometric Theory; Kaiser (1974), Psychometrika 39; Henseler, Ringle
& Sarstedt (2015), J. Acad. Mark. Sci. 43; Schönbrodt & Perugini (2013), J. Res. Pers.
47; COSMIN for reliability above .95; Hu & Bentler (1999), Struct. Equ. Modeling 6, for
the fit of a factor model. The guide values for loadings, cross-loadings and
communalities are conventions without one source, and so are the mark for redundancy
and the fewest answers of a recommend index.
"""

from typing import Final

RESEARCH: Final = 0.70
COMPARE: Final = 0.80
INDIVIDUAL: Final = 0.90
REPEATING: Final = 0.95
KMO_FAIR: Final = 0.60
KMO_GOOD: Final = 0.80
LOADING: Final = 0.40
CROSS_GAP: Final = 0.20
COMMUNALITY: Final = 0.30
HTMT_CLOSE: Final = 0.85
HTMT_SAME: Final = 0.90
REDUNDANT: Final = 0.85
STABLE_N: Final = 250
RECOMMEND_N: Final = 20
AGREEMENT: Final = 0.70
TEAM_P: Final = 0.05
CFI: Final = 0.95
TLI: Final = 0.95
RMSEA: Final = 0.06
SRMR: Final = 0.08
MISSING_SHARE: Final = 0.10
BARTLETT_P: Final = 0.05
DIFFERENCE_P: Final = 0.05
# share of the invited below which the report warns: about the mean rate of surveys in
# organizations, 52.7 %, Baruch & Holtom (2008), Hum. Relat. 61(8)
RATE: Final = 0.50
# careless answers: Curran (2016), J. Exp. Soc. Psychol. 66; Meade & Craig (2012),
# Psychol. Methods 17 (even-odd, synonyms, 10 to 12 % careless); Huang et al. (2012),
# J. Bus. Psychol. 27 (2 seconds an item); run and block sizes are conventions
BLOCK_ITEMS: Final = 10
RUN_SHARE: Final = 0.5
REVERSED_RUN: Final = 6
EVEN_ODD: Final = -0.30
SYNONYMS: Final = 0.60
DISTANCE_P: Final = 0.001
SECONDS_AN_ITEM: Final = 2
SIGNS: Final = 2
CARELESS_SHARE: Final = 0.12
# what with and without (flagged people, weights) may differ by: half of a small effect
# of Cohen (1988) for means, a small one for r; for alpha a convention
SHIFT_SD: Final = 0.10
SHIFT_R: Final = 0.10
SHIFT_ALPHA: Final = 0.05
# missing answers: Schafer (1999), Stat. Methods Med. Res. 8; Bennett (2001), Aust. N. Z.
# J. Public Health 25
MISSING_LITTLE: Final = 0.05
MISSING_MUCH: Final = 0.10
MISSING_P: Final = 0.05
# response rates: Cohen's (1988) small effect
RATE_P: Final = 0.05
RATE_V: Final = 0.10
# weights: DeBell & Krosnick (2009), ANES technical report nes012427
WEIGHT_BOUND: Final = 5.0
# what goes with an outcome: fewest people for any of it, since below 20 the number of
# people itself is told in bands; f squared of a small gain, Cohen (1988), chapter 9;
# variance inflation from which slopes are called unsteady, a convention (O'Brien 2007,
# Quality & Quantity 41, warns against taking any such mark as a rule)
DRIVERS_N: Final = 20
GRID_P: Final = 0.05
GAIN: Final = 0.02
INFLATED: Final = 5.0
MARKER_SCALES: Final = 4  # scales from which the smallest correlation is a marker

# agreement of coders: Krippendorff (2004), Content Analysis, ch. 11: rely on .800 and
# above, draw tentative conclusions from .667; here by the lower end of the interval.
# The fewest comments for a number in the table of tags is a convention, k of scores.
CODING_RELIABLE: Final = 0.800
CODING_TENTATIVE: Final = 0.667
TAG_COUNT: Final = 5
# the trend: chance of a false alarm in a wave, over everything watched; draws of its
# reference; linked people and answers from which a change within people is told, and
# below which a group is small enough that one who came or left matters; the share of
# the invited that does so elsewhere; when waves scatter more than sampling explains
ALARM_RATE: Final = 0.05
ALARM_DRAWS: Final = 20_000
LINKED_N: Final = 20
SMALL_N: Final = 20
TURNOVER: Final = 0.10
SCATTER_P: Final = 0.05

# agreement of a team below which no mean stands for it: "weak" ends at .50, LeBreton &
# Senter (2008), Organizational Research Methods 11, table 3
TEAM_AGREEMENT: Final = 0.50
# complete answers in each group before its measuring alike is tested: a convention,
# Meade & Lautenschlager (2004), Struct. Equ. Modeling 11
COMPARABLE_N: Final = 200
# answers from which a report of all answers is made: below it their number itself is
# told in bands, and nothing of reliability or structure would hold
REPORT_N: Final = 20
# the factor model: below so many people its indices reject too often, Boomsma & Hoogland
# (2001), in: Cudeck, du Toit & Sörbom; robust estimation holds p**4 / 4 numbers
FACTOR_N: Final = 200
ROBUST_ITEMS: Final = 80
# measuring alike: what CFI may fall and RMSEA may rise by from level to level, Cheung &
# Rensvold (2002), Chen (2007), both Struct. Equ. Modeling 9 and 14; CFI of the model with
# everything free, groups compared and items times groups searched are conventions
CONFIGURAL_CFI: Final = 0.90
CFI_FALL: Final = 0.010
RMSEA_RISE: Final = 0.015
# all steps together may be called a drift by chance alone so often: decision 79
ALIKE_P: Final = 0.05
MOST_GROUPS: Final = 10
MOST_SEARCHED: Final = 120
# pairs or outcomes that are named one by one, before they are only counted
NAMED: Final = 3


def beside(value: float, *guides: float) -> str:
    """Return the value with two decimals, or with as many as tell it from a guide.

    0.797 is below .80 and must not be written as 0.80.
    """
    for digits in range(2, 8):
        text = f"{value:.{digits}f}"
        if all(_order(value, guide) == _order(float(text), guide) for guide in guides):
            return text
    return repr(value)


def _order(value: float, guide: float) -> int:
    return (value > guide) - (value < guide)


# Items with as many points or more may be analysed as numbers with robust errors, items
# with fewer are ordered categories: Rhemtulla, Brosseau-Liard & Savalei (2012),
# Psychol. Methods 17, 354-373. With exactly so many both are defensible.
NUMERIC_POINTS: Final = 5

# Graded responses: below 200 people estimates fail or wander too often (the smallest
# sample of Forero & Maydeu-Olivares 2009, Psychol. Methods 14, 275-299), 500 are the
# guide of Reise & Yu (1990), J. Educ. Meas. 27, 133-144. Pairs of items whose Q3 lies so
# far above the mean of all pairs: Christensen, Makransky & Horton (2017), Appl. Psychol.
# Meas. 41, 178-194. RMSEA of an item and "around the average" are conventions; the
# error is where information is 4, so that reliability there is COMPARE.
GRADED_N: Final = 200
GRADED_STEADY: Final = 500
LOCAL_DEPENDENCE: Final = 0.20
ITEM_FIT_P: Final = 0.05
ITEM_RMSEA: Final = 0.06
TRAIT_ERROR: Final = 0.50
AROUND: Final = 0.5
# Items between groups: people a group, Scott et al. (2009), J. Clin. Epidemiol. 62,
# 288-295; change of Nagelkerke's R2, Jodoin & Gierl (2001), Appl. Meas. Educ. 14, 329-349
DIF_N: Final = 200
DIF_P: Final = 0.05
DIF_MODERATE: Final = 0.035
DIF_LARGE: Final = 0.070

# Intervals that are approximate: mean size of the skew of the items, between simulated
# populations whose intervals held 95 % within 1.5 points and those whose did not (.58 and
# .74 of answers of many people, .74 and 1.17 of any number), and between the latter; and
# numbers of people likewise. docs/methods.md, "What the intervals achieve".
SKEWED: Final = 0.65
SKEWED_N: Final = 700
MORE_SKEWED: Final = 0.90
STRONGLY_SKEWED: Final = 1.30
MOST_SKEWED: Final = 1.70
# Loadings: people below whom they are, of ordered items, and with robust errors where the
# mean excess kurtosis is so high (.7 held, 3.3 and more did not)
ORDERED_N: Final = 300
ROBUST_N: Final = 500
HEAVY_TAILS: Final = 1.2
