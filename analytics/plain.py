"""Answers as plain data: what ``--json`` prints and the API sends, so that both say the same."""

from typing import Any

from analytics.connectors import Connectors
from analytics.escalation import Step, Way, Ways
from analytics.groups import WorkingGroup

__all__ = ["connectors_plain", "group_plain", "ways_plain"]

Plain = dict[str, Any]
