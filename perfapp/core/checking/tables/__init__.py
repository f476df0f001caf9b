"""Relations inside tables, and between tables, text and known facts."""

from collections.abc import Mapping

from perfapp.core.checking.case import RuleFunction

TABLE_RULES: Mapping[str, RuleFunction] = {}
