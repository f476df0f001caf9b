"""Relations between the figures of sentences."""

from collections.abc import Mapping

from perfapp.core.checking.case import RuleFunction
from perfapp.core.checking.sentences.balance import balance, fully_spent_claim, fund_within_projects, over_budget
from perfapp.core.checking.sentences.counts import counted_items
from perfapp.core.checking.sentences.differences import what_is_left
from perfapp.core.checking.sentences.grades import grade_of_score
from perfapp.core.checking.sentences.growth import change_amount, growth_rate
from perfapp.core.checking.sentences.hospitality import cars_and_journeys, changes_of_parts, guests, within_budget
from perfapp.core.checking.sentences.products import average_times_count
from perfapp.core.checking.sentences.rates import execution_rate, posts_rate
from perfapp.core.checking.sentences.ratios import difference_in_points
from perfapp.core.checking.sentences.reasons import thin_reasons
from perfapp.core.checking.sentences.shares import over_hundred, share_of_whole
from perfapp.core.checking.sentences.sums import mixed_units, part_over_total, sum_rule
from perfapp.core.checking.sentences.workload import average_times_months, duration_of_dates, times_a_year

SENTENCE_RULES: Mapping[str, RuleFunction] = {
    **{code: sum_rule(code) for code in ("M1", "M2", "M3", "M4", "M8", "S1", "H1", "H2", "H5", "G9")},
    "M5": balance,
    "M6": what_is_left,
    "M9": fund_within_projects,
    "M10": counted_items,
    "M11": part_over_total,
    "M12": mixed_units,
    "S2": within_budget,
    "S4": changes_of_parts,
    "S6": cars_and_journeys,
    "S7": guests,
    "P1": share_of_whole,
    "P2": growth_rate,
    "P3": change_amount,
    "P4": execution_rate,
    "P5": thin_reasons,
    "P6": over_budget,
    "P7": over_hundred,
    "P8": difference_in_points,
    "E1": fully_spent_claim,
    "H3": posts_rate,
    "W1": average_times_months,
    "W2": times_a_year,
    "W3": duration_of_dates,
    "W4": average_times_count,
    "G10": grade_of_score,
}
