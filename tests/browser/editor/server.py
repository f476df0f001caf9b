"""The stub: sections in memory, validated by perfapp.core.document, versions, sign-in that can be taken away."""

import hashlib
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, select_autoescape

from perfapp.core.document import dump, parse
from perfapp.core.errors import Invalid
from perfapp.core.live_figures import figures
from tests.browser.gallery import ROOT, STATIC, TEMPLATES

CSP = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; object-src 'none'"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


@dataclass
class Section:
    """What the server holds; tests read and bend it."""

    document: dict[str, Any] = field(default_factory=lambda: {"type": "doc", "content": []})
    version: int = 1
    level: int = 3
    saved_by: str = "王某"
    signed_in: str | None = "王某"
    failing: bool = False
    saves: list[dict[str, Any]] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0
    pictures: dict[str, bytes] = field(default_factory=dict)
    submitted: list[str] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)  # what each fact shows, by key
    offers: list[dict[str, Any]] = field(default_factory=list)
    unsourced: list[dict[str, Any]] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)
    asked_live: int = 0
    explained: list[str] = field(default_factory=list)

    def write_as(self, name: str, document: dict[str, Any]) -> None:
        """Somebody else saves."""
        self.document, self.version, self.saved_by = dump(parse(document)), self.version + 1, name


class Server(ThreadingHTTPServer):
    """Loopback only; `section` is the one section it serves."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.section = Section()
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    """The routes of the contract in frontend/README.md."""

    server: Server
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        section = self.server.section
        path = self.path.split("?")[0]
        if path.startswith("/static/"):
            target = STATIC / path.removeprefix("/static/")
            self.answer(200, target.read_bytes(), KINDS.get(target.suffix, "application/octet-stream"))
        elif path == "/session/token":
            if section.signed_in:
                self.json(200, {"token": "fresh", "person_id": 7 if section.signed_in == "王某" else 8})
            else:
                self.json(401, {"message": "请先登录。"})
        elif path.startswith(("/live.json", "/facts")):
            self.about_facts(path)
        elif path.startswith("/pictures/"):
            self.answer(200, section.pictures[path.removeprefix("/pictures/")], "image/png")
        elif path == "/section":
            self.answer(200, render(section).encode(), "text/html; charset=utf-8")
        else:
            self.json(404, {"message": "没有这一页。"})

    def about_facts(self, path: str) -> None:
        section = self.server.section
        if path == "/live.json":
            section.asked_live += 1
            self.json(200, live(section))
        elif path == "/facts.json":
            self.json(200, facts(section, parse_qs(self.path.partition("?")[2])))
        else:
            card = f"<p>{section.facts[path.split('/')[2]]}</p><a href='#'>打开这项数据</a>"
            self.answer(200, card.encode(), "text/html; charset=utf-8")

    def do_PUT(self) -> None:
        section = self.server.section
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.lock:
            section.in_flight += 1
            section.most_in_flight = max(section.most_in_flight, section.in_flight)
        try:
            status, answer = self.save(section, body)
        finally:
            with self.server.lock:
                section.in_flight -= 1
        self.json(status, answer)

    def save(self, section: Section, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if section.failing:
            return 503, {"message": "正在维护。"}
        if not section.signed_in:
            return 401, {"message": "请先登录。"}
        try:
            document = parse(body["document"])
        except Invalid as refusal:
            return 422, {"message": str(refusal)}
        with self.server.lock:
            if body["version"] != section.version:
                saved_by = {"name": section.saved_by, "id": 7 if section.saved_by == "王某" else 8}
                return 409, {
                    "message": "本节已被保存过。",
                    "version": section.version,
                    "saved_by": saved_by,
                    "saved_at": "2019-05-08T14:02:00+08:00",
                    "document": section.document,
                    "state": "draft",
                }
            section.write_as("王某", dump(document))
            section.saves.append(body)
            return 200, {"version": section.version, "saved_at": "2019-05-08T14:02:00+08:00", "message": "已保存。"}

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/explain":
            self.server.section.explained.append(body.decode())
            self.answer(204, b"", "text/plain")
            return
        if self.path == "/submit":
            self.server.section.submitted.append(body.decode())
            self.answer(200, "<!doctype html><title>已提交</title>".encode(), "text/html; charset=utf-8")
            return
        picture = body.split(b"\r\n\r\n", 1)[1].rsplit(b"\r\n--", 1)[0]
        digest = hashlib.sha256(picture).hexdigest()
        self.server.section.pictures[digest] = picture
        self.json(201, {"sha256": digest, "width_mm": 100})

    def json(self, status: int, value: dict[str, Any]) -> None:
        self.answer(status, json.dumps(value, ensure_ascii=False).encode(), "application/json")

    def answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", CSP)
        self.end_headers()
        self.wfile.write(body)


def live(section: Section) -> dict[str, Any]:
    """What live.json says of the section: every fact in every form that the text shows, and what the test laid out."""
    references = {figure.reference for figure in figures(parse(section.document))}
    shown = [
        {"reference": one.model_dump(mode="json"), "shown": section.facts[one.fact], "is_confirmed": True}
        for one in references
    ]
    return {
        "version": section.version,
        "figures": shown,
        "sources": {"total": 2, "sourced": len(shown), "sentence": f"2 处数字，{len(shown)} 处有来源"},
        "offers": section.offers,
        "unsourced": section.unsourced,
        "findings": section.findings,
        "count": len(section.findings),
        "panel": "".join(panel(finding) for finding in section.findings),
    }


def panel(finding: dict[str, Any]) -> str:
    mark = finding["fingerprint"]
    return (
        f'<div id="finding-{mark}" tabindex="-1"><p>{finding["message"]}</p>'
        f'<a href="#block-0" data-finding="{mark}" data-place="0">本节</a>'
        '<form method="post" action="/explain"><input type="hidden" name="csrf_token" value="">'
        '<textarea name="explanation" aria-label="说明"></textarea><button>提交说明</button></form></div>'
    )


def facts(section: Section, query: dict[str, list[str]]) -> dict[str, Any]:
    """What facts.json says: facts whose key has the query in it; a form is shown with the decimals asked for."""
    asked = {name: values[0] for name, values in query.items()}
    keys = [asked["key"]] if "key" in asked else [key for key in section.facts if asked.get("q", "") in key]
    decimals = int(asked["decimals"]) if "decimals" in asked else None

    def reference(key: str, form: str, other: str | None = None) -> dict[str, Any]:
        return {"fact": key, "form": form, "other": other, "unit": "", "decimals": decimals}

    listed = [
        {
            "key": key, "name": key, "shown": section.facts[key], "owner": "财务室", "as_of": "2018年12月31日",
            "mark": "未确认", "tone": "waiting", "unit": "万元", "units": ["万元", "元"], "decimals": decimals or 2,
            "forms": [
                {"form": "value", "name": "数值", "shown": section.facts[key], "reference": reference(key, "value")},
                {"form": "ratio", "name": "占比", "shown": "", "reference": None},
            ],
            "ratio": {"shown": "50.00%", "reference": reference(asked.get("part", key), "ratio", key)},
        }
        for key in keys
    ]  # fmt: skip
    return {"facts": listed, "message": f"{len(listed)} 项"}


def render(section: Section) -> str:
    """The editor page around the section as it is now."""
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(ROOT / "tests/browser/editor"), FileSystemLoader(TEMPLATES)]),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
    )
    boot = {
        "section_id": 1, "person_id": 7, "person_name": "王某", "level": section.level, "version": section.version,
        "document": section.document, "editable": True, "csrf_token": "first", "previous": None,
        "urls": {"save": "/sections/1/document", "picture_upload": "/pictures", "picture": "/pictures/{sha256}",
                 "live": "/live.json", "facts": "/facts.json", "token": "/session/token", "sign_in": "/sign-in"},
    }  # fmt: skip
    names = ("预算单位基本情况", "预决算及信息公开情况", "资金使用及绩效情况", "规范公务用车平台管理", "存在的主要问题")
    tones = (("done", "已采纳"), ("waiting", "已提交"), ("active", "编写中"), ("active", "编写中"), ("idle", "未开始"))
    sections = [
        {
            "label": label,
            "title": name,
            "url": "#",
            "level": level,
            "is_current": index == 3,
            "tone": tone,
            "state": state,
        }
        for index, (label, name, level, (tone, state)) in enumerate(
            zip(("一、", "（一）", "（二）", "（6）", "二、"), names, (1, 2, 2, 4, 1), tones, strict=True)
        )
    ]
    return environment.get_template("page.html").render(
        boot=boot,
        sections=sections,
        asset=lambda path: f"/static/{path}",
        csrf_token=lambda: "first",
        get_flashed_messages=lambda with_categories: [],
        viewer=SimpleNamespace(
            name="王某（演示）",
            unit_name="株洲市芦淞区机关事务服务中心",
            office_name="办公室",
            year_label="2018年度",
            nav=[("待办", "#", False), ("编写", "#", True), ("报告", "#", False)],
            unread_count=3,
        ),
    )
