"""A browser without a screen: cookies, links, and the forms of a page."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

TIMEOUT_SECONDS = 60


@dataclass
class Form:
    """Where it is sent, and what it holds."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """What a visitor can follow or send."""

    def __init__(self, address: str, html: str) -> None:
        super().__init__()
        self.address, self.html = address, html
        self.links: set[str] = set()
        self.forms: list[Form] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        got = dict(attrs)
        if tag == "a" and got.get("href"):
            self.links.add(urljoin(self.address, got["href"]).partition("#")[0])
        elif tag == "form":
            self.forms.append(Form(urljoin(self.address, got.get("action") or "")))
        elif tag == "input" and got.get("name") and self.forms:
            self.forms[-1].fields[str(got["name"])] = got.get("value") or ""

    def form(self, **holding: str) -> Form:
        """The form that holds these values; LookupError where there is none."""
        for form in self.forms:
            if holding.items() <= form.fields.items():
                return form
        raise LookupError(f"{self.address} has no form with {holding}")


class Visitor:
    """One signed-in person."""

    def __init__(self, address: str, login: str, password: str) -> None:
        self.address = address
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        form = self.page("/sign-in").forms[-1]
        self.send(form, login=login, password=password)

    def get(self, path: str) -> tuple[str, str, bytes]:
        """Address after redirects, media type, body; HTTPError for a refusal."""
        return self._open(urllib.request.Request(urljoin(self.address, path)))  # noqa: S310 -- our own loopback

    def page(self, path: str) -> Page:
        address, _, body = self.get(path)
        return Page(address, body.decode())

    def json(self, path: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.get(path)[2])
        return answer

    def send(self, form: Form, **values: str) -> Page:
        """The page that comes after."""
        data = urlencode(form.fields | values).encode()
        address, _, body = self._open(urllib.request.Request(form.action, data))  # noqa: S310 -- as above
        return Page(address, body.decode())

    def visit_all(self, limit: int = 400) -> set[str]:
        """Open every page that can be reached by links from the first one; returns their addresses."""
        waiting, seen = [urljoin(self.address, "/")], set[str]()
        while waiting and len(seen) < limit:
            address = waiting.pop()
            if address in seen or urlsplit(address).netloc != urlsplit(self.address).netloc:
                continue
            seen.add(address)
            try:
                there, kind, body = self.get(address)
            except urllib.error.HTTPError as refused:
                if refused.code >= 500:
                    raise
                continue
            if kind == "text/html":
                waiting.extend(Page(there, body.decode()).links)
        return seen

    def _open(self, request: urllib.request.Request) -> tuple[str, str, bytes]:
        with self._opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
            return answer.url, answer.headers.get_content_type(), answer.read()
