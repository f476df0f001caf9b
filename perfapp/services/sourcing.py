"""Where a value comes from, in words."""

from perfapp.core.spreadsheet import CSV, spoken_place
from perfapp.data.fact_views import ValueView

_KINDS = {"manual": "手工填报", "import": "表格导入", "ledger": "台账汇总"}


def spoken_source(value: ValueView) -> str:
    """Its origin and the page that stands behind it: 手工填报，佐证：合同.pdf 第 3 页."""
    said = spoken_origin(value)
    if value.evidence_filename:
        page = f" {value.evidence_page}" if value.evidence_page else ""
        said += f"，佐证：{value.evidence_filename}{page}"
    return said


def spoken_origin(value: ValueView) -> str:
    """手工填报; 表格导入：决算表.xlsx，收入支出总表，C12; 台账汇总：派车，305 条."""
    said = _KINDS[value.source_kind]
    places = [str(value.source[name]) for name in ("filename", "sheet", "cell") if value.source.get(name)]
    if value.source.get("sheet") == CSV:
        places[1:] = [spoken_place(CSV, str(value.source.get("cell", "")))]
    if value.source_kind == "ledger" and value.source.get("ledger"):
        places = [str(value.source["ledger"]), f"{value.source.get('rows', 0)} 条"]
    return said + ("：" + "，".join(places) if places else "")
