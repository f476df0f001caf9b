"""What stands in the words: years, names, residue, layout, contents, contradictions."""

from collections.abc import Mapping

from perfapp.core.checking.case import RuleFunction
from perfapp.core.checking.wording.contents import disclosure, problems_and_measures, self_score, three_costs
from perfapp.core.checking.wording.contradictions import zero_against_activity
from perfapp.core.checking.wording.cover import cover, one_name
from perfapp.core.checking.wording.facts import against_facts, said_twice
from perfapp.core.checking.wording.numbering import numbering
from perfapp.core.checking.wording.repeats import repeats
from perfapp.core.checking.wording.residue import residue
from perfapp.core.checking.wording.slips import typing_errors
from perfapp.core.checking.wording.vague import vague_words
from perfapp.core.checking.wording.years import leftover_years, one_cut_off

WORDING_RULES: Mapping[str, RuleFunction] = {
    "X1": said_twice,
    "K1": against_facts,
    "X2": zero_against_activity,
    "X3": leftover_years,
    "X4": one_name,
    "X5": residue,
    "X7": typing_errors,
    "W5": one_cut_off,
    "C1": three_costs,
    "C2": disclosure,
    "C3": self_score,
    "C4": problems_and_measures,
    "V1": vague_words,
    "L1": numbering,
    "L2": cover,
    "D1": repeats,
}
