"""Which sections a reader has a reason to return: he remarked on them, or they changed since he looked."""

from perfapp.blueprints.remarks.of_report import ReportRemarks
from perfapp.core.permissions import Actor
from perfapp.services.looking import Changes


def of_sections(actor: Actor, remarks: ReportRemarks | None, changes: Changes | None) -> dict[int, tuple[str, ...]]:
    """By section, in words; sections without either are left out."""
    found: dict[int, tuple[str, ...]] = {}
    for section, panel in remarks.groups if remarks else ():
        own = [thread for thread in panel.threads if thread.author_id == actor.id]
        still_open = sum(thread.is_open for thread in own)
        if own:
            found[section.id] = (f"您的批注 {still_open} 条待处理" if still_open else "您的批注已处理",)
    for change in changes.sections if changes else ():
        found[change.section.id] = (*found.get(change.section.id, ()), "您上次看过以后有改动")
    return found
