"""The public's pages: the list of published reports, and each report with its files and data."""

from datetime import datetime

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from perfapp.blueprints import markup
from perfapp.blueprints.access import public
from perfapp.blueprints.handing_out import handed_out
from perfapp.blueprints.incoming import number
from perfapp.core.chinese import local_time, long_date
from perfapp.core.disclosing.open_data import schema
from perfapp.services import publications
from perfapp.services.publications import Publication

blueprint = Blueprint("opening", __name__)


@blueprint.get("/open")
@public
def index() -> ResponseReturnValue:
    """By year and by words of the unit's name, the title or the index number."""
    year, words = request.args.get("year", type=number), request.args.get("q", "").strip()
    found = publications.listed(year=year, words=words)
    tabs = [("全部年度", url_for("opening.index", q=words or None), year is None, None)]
    tabs += [
        (f"{one}年度", url_for("opening.index", year=one, q=words or None), one == year, None)
        for one in publications.years()
    ]
    return render_template("opening/index.html", found=found, tabs=tabs, year=year, words=words, day=_day)


@blueprint.get("/open/schema.json")
@public
def data_schema() -> ResponseReturnValue:
    return schema()


@blueprint.get("/open/<index_number>")
@public
def report(index_number: str) -> ResponseReturnValue:
    """The report to read; of a withdrawn one, that it was here and why it is not (410)."""
    found = publications.get(index_number)
    if not found.is_open:
        return render_template("opening/withdrawn.html", found=found, day=_day), 410
    body = markup.of_snapshot(
        found.edition.snapshot,
        lambda sha256: url_for("opening.picture", index_number=index_number, sha256=sha256),
    )
    places = [
        (f"section-{section.key}", section.label + section.title, section.level)
        for section in found.edition.snapshot.sections
        if not section.run_in
    ]
    return render_template(
        "opening/report.html",
        found=found,
        edition=found.edition,
        body=body,
        places=places,
        facts=_facts(found),
        day=_day,
    )


@blueprint.get("/open/<index_number>/report.pdf")
@public
def pdf(index_number: str) -> ResponseReturnValue:
    return handed_out(publications.pdf(index_number))


@blueprint.get("/open/<index_number>/data.csv")
@public
def csv(index_number: str) -> ResponseReturnValue:
    return handed_out(publications.csv(index_number))


@blueprint.get("/open/<index_number>/data.json")
@public
def data(index_number: str) -> ResponseReturnValue:
    """As the published schema says."""
    return publications.data(index_number).model_dump(mode="json")


@blueprint.get("/open/<index_number>/pictures/<string(length=64):sha256>")
@public
def picture(index_number: str, sha256: str) -> ResponseReturnValue:
    return handed_out(publications.picture(index_number, sha256), inline=True)


@blueprint.get("/open/<index_number>/evidence/<string(length=64):sha256>")
@public
def evidence(index_number: str, sha256: str) -> ResponseReturnValue:
    return handed_out(publications.evidence(index_number, sha256))


def _facts(found: Publication) -> list[tuple[str, str]]:
    view, edition = found.view, found.edition
    return [
        ("索引号", view.index_number),
        ("发布机构", edition.unit_name),
        ("年度和版次", f"{edition.fiscal_year}年度，第{edition.edition}版"),
        ("生成日期", long_date(edition.snapshot.dated_on) if edition.snapshot.dated_on else "—"),
        ("发布日期", _day(view.published_at)),
        ("有效性", found.validity),
    ]


def _day(moment: datetime | None) -> str:
    """2019年4月2日; a dash where there is none."""
    return long_date(local_time(moment).date()) if moment is not None else "—"
