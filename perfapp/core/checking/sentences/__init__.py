"""Relations between the figures of sentences."""

from collections.abc import Mapping

from perfapp.core.checking.case import RuleFunction

SENTENCE_RULES: Mapping[str, RuleFunction] = {}
