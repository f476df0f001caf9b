"""The fields of a sealed PDF: all of them made before the first seal, for a field added later would break it (DocMDP).

`Seal1`, `Seal2` … take the seals in order; each has a `Time1`, `Time2` … beside it for the archive time stamp over it.
`Renewal1`, `Renewal2` … take the time stamps that are put over the whole file later, each before the last one ends.
"""

from collections.abc import Sequence
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, append_signature_field

from perfapp.core.errors import Invalid
from perfapp.core.seal_place import SealPlace

SEALS = tuple(f"Seal{number}" for number in range(1, 10))
TIMES = tuple(f"Time{number}" for number in range(1, 10))
RENEWALS = tuple(f"Renewal{number}" for number in range(1, 10))
UNREADABLE = (PdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
POINTS_PER_MM = 72 / 25.4

# Off the page: readers and PDF/UA pass over it, and PDF/A asks for nothing more.
_UNSEEN = InvisSigSettings(set_print_flag=True, box_out_of_bounds=True)


def prepare(writer: IncrementalPdfFileWriter, places: Sequence[SealPlace], *, timed: bool) -> None:
    """One field for each seal, now or later; with `timed` also one for the time stamp over it."""
    if len(places) > len(SEALS):
        raise Invalid(f"一份文件最多预留 {len(SEALS)} 枚印章。")
    for name, place in zip(SEALS, places, strict=False):
        page_ref, box = _box(writer, place)
        append_signature_field(
            writer,
            SigFieldSpec(name, on_page=place.page, box=box, readable_field_name="单位印章"),  # type: ignore[arg-type]
        )
        _tag(writer, writer.root["/AcroForm"]["/Fields"].raw_get(-1), page_ref)
    for name in (*TIMES[: len(places)], *RENEWALS) if timed else ():
        append_signature_field(writer, SigFieldSpec(name, invis_sig_settings=_UNSEEN, readable_field_name="存档时间戳"))


def time_of(seal: str) -> str:
    """The field of the archive time stamp over a seal."""
    return TIMES[SEALS.index(seal)]


def visible_box(page: Any) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of what is seen of a page, in points; Invalid for a turned page."""
    left, bottom, right, top = (float(edge) for edge in _inherited(page, "/CropBox") or _inherited(page, "/MediaBox"))
    if int(_inherited(page, "/Rotate") or 0) % 360:
        raise Invalid("文件里有旋转过的页面，不能盖章，请重新生成文件。")
    return left, bottom, right, top


def value(dictionary: generic.DictionaryObject, key: str, otherwise: Any = None) -> Any:
    """What stands under a key, references followed: the library's own get() leaves them as they are."""
    try:
        return dictionary[key]
    except KeyError:
        return otherwise


def _box(writer: IncrementalPdfFileWriter, place: SealPlace) -> tuple[generic.IndirectObject, tuple[float, ...]]:
    """The page and the seal's square on it, in points from the lower left corner."""
    try:
        page_ref = writer.find_page_for_modification(place.page)[0]
        left, bottom, right, top = visible_box(page_ref.get_object())
    except UNREADABLE as error:
        raise Invalid(f"文件没有第 {place.page + 1} 页或该页无法读取，不能盖章，请核对用印位置。") from error
    x, y = left + place.centre_x_mm * POINTS_PER_MM, top - place.centre_y_mm * POINTS_PER_MM
    half = place.diameter_mm * POINTS_PER_MM / 2
    if not (left <= x - half and x + half <= right and bottom <= y - half and y + half <= top):
        raise Invalid(f"印章会超出第 {place.page + 1} 页的边缘，不能盖章，请核对用印位置。")
    return page_ref, (x - half, y - half, x + half, y + half)


def _inherited(page: Any, key: str) -> Any:
    while page is not None:
        if key in page:
            return page[key]
        page = value(page, "/Parent")
    return None


def _tag(writer: IncrementalPdfFileWriter, field_ref: generic.IndirectObject, page_ref: generic.IndirectObject) -> None:
    """Hang the seal into the structure tree of a tagged document (PDF/UA-1, 7.18.4); untagged ones are left alone."""
    tree = value(writer.root, "/StructTreeRoot")
    if tree is None or "/ParentTree" not in tree or "/K" not in tree:
        return
    kids = tree["/K"]
    top_ref = kids.raw_get(0) if isinstance(kids, generic.ArrayObject) else tree.raw_get("/K")
    top, key = top_ref.get_object(), _next_key(tree)
    element = writer.add_object(
        generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/StructElem"),
                pdf_name("/S"): pdf_name("/Form"),
                pdf_name("/P"): top_ref,
                pdf_name("/Pg"): page_ref,
                pdf_name("/Alt"): generic.TextStringObject("单位印章"),
                pdf_name("/K"): generic.DictionaryObject(
                    {pdf_name("/Type"): pdf_name("/OBJR"), pdf_name("/Obj"): field_ref, pdf_name("/Pg"): page_ref}
                ),
            }
        )
    )
    _append_kid(writer, top, element)
    _append_number(writer, tree["/ParentTree"], key, element)
    tree[pdf_name("/ParentTreeNextKey")] = generic.NumberObject(key + 1)
    writer.update_container(tree)
    field_ref.get_object()[pdf_name("/StructParent")] = generic.NumberObject(key)


def _append_kid(
    writer: IncrementalPdfFileWriter, parent: generic.DictionaryObject, element: generic.IndirectObject
) -> None:
    kids = value(parent, "/K", generic.ArrayObject())
    if not isinstance(kids, generic.ArrayObject):
        kids = generic.ArrayObject([parent.raw_get("/K")])
    parent[pdf_name("/K")] = generic.ArrayObject([*(kids.raw_get(index) for index in range(len(kids))), element])
    writer.update_container(parent)


def _next_key(tree: generic.DictionaryObject) -> int:
    if "/ParentTreeNextKey" in tree:
        return int(tree["/ParentTreeNextKey"])
    return max((int(key) for key in _leaf(tree["/ParentTree"])["/Nums"][::2]), default=-1) + 1


def _leaf(node: generic.DictionaryObject) -> generic.DictionaryObject:
    """The last leaf of a number tree (ISO 32000-1, 7.9.7): the highest keys live there."""
    while "/Kids" in node:
        node = node["/Kids"][-1]
    return node


def _append_number(
    writer: IncrementalPdfFileWriter, node: generic.DictionaryObject, key: int, element: generic.IndirectObject
) -> None:
    while True:
        if "/Limits" in node:
            node[pdf_name("/Limits")] = generic.ArrayObject([node["/Limits"][0], generic.NumberObject(key)])
            writer.update_container(node)
        if "/Kids" not in node:
            break
        node = node["/Kids"][-1]
    node["/Nums"].extend([generic.NumberObject(key), element])
    writer.update_container(node["/Nums"])
