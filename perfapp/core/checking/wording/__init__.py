"""What stands in the words: years, names, residue, layout, contents, contradictions."""

from collections.abc import Mapping

from perfapp.core.checking.case import RuleFunction

WORDING_RULES: Mapping[str, RuleFunction] = {}
