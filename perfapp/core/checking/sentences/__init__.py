"""Relations between the figures of sentences."""

from collections.abc import Mapping

from perfapp.core.checking.case import RuleFunction
from perfapp.core.checking.sentences.balance import balance, fully_spent_claim, fund_within_projects, over_budget
from perfapp.core.checking.sentences.counts import counted_items
from perfapp.core.checking.sentences.growth import change_amount, growth_rate
from perfapp.core.checking.sentences.shares import over_hundred, share_of_whole
from perfapp.core.checking.sentences.sums import mixed_units, sum_rule

SENTENCE_RULES: Mapping[str, RuleFunction] = {
    **{code: sum_rule(code) for code in ("M1", "M2", "M3", "M4", "M8", "S1", "H1", "H2", "H5")},
    "M5": balance,
    "M9": fund_within_projects,
    "M10": counted_items,
    "M12": mixed_units,
    "P1": share_of_whole,
    "P2": growth_rate,
    "P3": change_amount,
    "P6": over_budget,
    "P7": over_hundred,
    "E1": fully_spent_claim,
}
