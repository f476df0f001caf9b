"""Relations inside tables, and between tables and the text."""

from collections.abc import Mapping

from perfapp.core.checking.case import RuleFunction
from perfapp.core.checking.tables.changes import changes
from perfapp.core.checking.tables.empty import empty_tables
from perfapp.core.checking.tables.rates import rates
from perfapp.core.checking.tables.scores import cost_signs, lights, reasons, score_limits, score_totals, weights
from perfapp.core.checking.tables.spoken import text_and_tables
from perfapp.core.checking.tables.sums import balance, empty_totals, totals
from perfapp.core.checking.tables.three_costs import three_costs

TABLE_RULES: Mapping[str, RuleFunction] = {
    "T1": totals,
    "T2": empty_totals,
    "T3": rates,
    "T4": text_and_tables,
    "T6": three_costs,
    "T9": changes,
    "X6": empty_tables,
    "T5": balance,
    "T7": weights,
    "G2": score_limits,
    "T8": score_totals,
    "G5": reasons,
    "G6": lights,
    "G7": cost_signs,
}
