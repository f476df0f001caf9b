"""Files that people bring, and the steps of an import in a browser."""

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from html import unescape

from flask.testing import FlaskClient
from openpyxl import Workbook
from werkzeug.test import TestResponse

from perfapp.blueprints.importing.tokens import Step, sign
from perfapp.data import cycles, imports
from perfapp.services import fact_import, importing
from perfapp.services.importing import Upload
from tests.making import AUnit

Cell = str | int | float | date | None
MAPPING, TAKE = "/cycles/{}/imports/mapping", "/cycles/{}/imports/take"


def xlsx(*sheets: tuple[str, Sequence[Sequence[Cell]], Iterable[str]]) -> bytes:
    """Sheets as (name, rows, merges)."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows, merges in sheets:
        sheet = book.create_sheet(name)
        for row, values in enumerate(rows, start=1):
            for column, value in enumerate(values, start=1):
                if value not in (None, ""):
                    sheet.cell(row, column, value)
        for merge in merges:
            sheet.merge_cells(merge)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(client: FlaskClient, cycle_id: int, name: str, data: bytes, target: str = "facts") -> TestResponse:
    sent = {"target": target, "file": (io.BytesIO(data), name)}
    return client.post(f"/cycles/{cycle_id}/imports", data=sent, content_type="multipart/form-data")


def form_of(page: TestResponse, action: str) -> dict[str, str]:
    """What the form with this action would send if nobody touched it."""
    html = page.get_data(as_text=True)
    form = next(
        one for one in re.findall(r"<form.*?</form>", html, re.S) if f'action="{action}"' in one and "post" in one
    )
    sent: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        found = dict(re.findall(r'([a-z_-]+)="([^"]*)"', tag))
        is_off = found.get("type") in ("checkbox", "radio") and "checked" not in tag
        if "name" in found and not is_off:
            sent[unescape(found["name"])] = unescape(found.get("value", ""))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', options)
        first = re.search(r'<option(?: value="([^"]*)")?>([^<]*)', options)
        found_option = chosen or first
        assert found_option is not None
        sent[name] = unescape(found_option[2] if found_option[1] is None else found_option[1])
    return sent


def mapping_page(client: FlaskClient, cycle_id: int, name: str, data: bytes, target: str = "facts") -> TestResponse:
    answer = upload(client, cycle_id, name, data, target)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return client.get(answer.location)


def preview_page(
    client: FlaskClient, cycle_id: int, page: TestResponse, changed: dict[str, str] | None = None
) -> TestResponse:
    address = MAPPING.format(cycle_id)
    return client.post(address, data=form_of(page, address) | (changed or {}))


def take(client: FlaskClient, cycle_id: int, page: TestResponse, changed: dict[str, str] | None = None) -> TestResponse:
    address = TAKE.format(cycle_id)
    return client.post(address, data=form_of(page, address) | (changed or {}))


def import_file(client: FlaskClient, cycle_id: int, name: str, data: bytes, target: str = "facts") -> TestResponse:
    """All steps, as they are suggested."""
    return take(client, cycle_id, preview_page(client, cycle_id, mapping_page(client, cycle_id, name, data, target)))


LIST: tuple[tuple[Cell, ...], ...] = (
    ("名称", "数值", "单位"),
    ("公务接待费", 4.2, "万元"),
    ("事业收入", 0, "万元"),
)


def an_upload(unit: AUnit, cycle_id: int) -> Upload:
    """A list of two facts, brought by a writer of finance."""
    return importing.keep(unit.money_writer, cycle_id, importing.FACTS, "数据.xlsx", xlsx(("数据", LIST, ())))


def an_import(unit: AUnit, cycle_id: int) -> int:
    """The list, read in; returns the number of the import."""
    upload, cycle = an_upload(unit, cycle_id), cycles.visible(unit.money_writer, cycle_id)
    book = importing.read(upload)
    mapping = fact_import.mapping(unit.money_writer, cycle, book)
    seen = fact_import.preview(unit.money_writer, cycle, book, mapping).seen
    fact_import.take(unit.money_writer, cycle_id, upload, mapping, seen=seen, supersede=False)
    return imports.of_cycle(cycle_id)[0].id


def steps(unit: AUnit, cycle_id: int) -> tuple[str, str]:
    """What the pages carry from step to step: the file, and the file with how it is read."""
    upload, cycle = an_upload(unit, cycle_id), cycles.visible(unit.money_writer, cycle_id)
    mapping = fact_import.mapping(unit.money_writer, cycle, importing.read(upload)).model_dump(mode="json")
    writer = unit.money_writer
    return sign(writer, cycle_id, Step(upload)), sign(writer, cycle_id, Step(upload, mapping, "0" * 32))
