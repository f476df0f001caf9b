"""The editor's calls: what may come in, and the answer to a text that is older than the stored one."""

import json
from typing import Any

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

from perfapp.blueprints.page import spoken_moment
from perfapp.core.document import dump
from perfapp.core.errors import Invalid
from perfapp.core.permissions import Actor
from perfapp.core.section_flow import may_write
from perfapp.core.words import SECTION_STATES
from perfapp.data import reports, sections
from perfapp.services.sections import facts

MAX_JSON_BYTES = 4 * 1024 * 1024
BROKEN = "浏览器发来的正文不完整，没有保存。文字还在页面上，请再保存一次。"


def posted(request: Request) -> tuple[int, Any]:
    """The version a text is based on, and the text as sent; Invalid in one sentence for anything else."""
    request.max_content_length = MAX_JSON_BYTES
    try:
        body = json.loads(request.get_data())
    except RequestEntityTooLarge as error:
        raise Invalid(f"本节正文超过 {MAX_JSON_BYTES >> 20} MB，请分成几节，或把长表改为佐证材料。") from error
    except (ValueError, RecursionError) as error:
        raise Invalid(BROKEN) from error
    version = body.get("version") if isinstance(body, dict) else None
    if type(version) is not int or "document" not in body:
        raise Invalid(BROKEN)
    return version, body["document"]


def present_state(actor: Actor, section_id: int, version: int, message: str) -> tuple[dict[str, Any], int]:
    """The answer to a refused save: who saved what and when. Without a text when there is nothing left to decide."""
    section = sections.visible(actor, section_id)
    if section.version == version:  # nobody was faster: the database was busy, the editor tries again
        return {"message": message}, 503
    writable = may_write(facts(section, reports.current(section.cycle_id)), actor)
    state = SECTION_STATES[section.state][0]
    when = spoken_moment(section.saved_at) if section.saved_at else ""
    who = "您" if section.last_author_id == actor.id else section.last_author_name
    sentence = (
        f"{who}已于 {when} 保存过本节，请比较两边的文字。"
        if writable
        else f"本节现在是“{state}”，不能再改。您刚写的文字留在这台电脑上，本节退回或取回后可以接着用。"
    )
    return {
        "message": sentence,
        "version": section.version,
        "saved_by": {"id": section.last_author_id, "name": section.last_author_name},
        "saved_at": section.saved_at.isoformat() if section.saved_at else None,
        "document": dump(sections.content(section_id).document) if writable else None,
        "state": state,
    }, 409
