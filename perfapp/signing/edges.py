"""骑缝章: one seal shared out over the outer edges of all pages, so that no page can be taken out or put in.

The slices are drawn into the pages before the seal is pressed: they are part of what is signed.
"""

from itertools import pairwise
from typing import Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from perfapp.core.errors import Invalid
from perfapp.signing.fields import POINTS_PER_MM, UNREADABLE, value, visible_box

MOST_PAGES: Final = 12  # in one impression of 42 mm: a slice keeps 3.5 mm and can still be matched by eye
_NAME: Final = "/SealEdge"


def press_edges(writer: IncrementalPdfFileWriter, picture: PdfImage, diameter_mm: float) -> None:
    """Draw the slices; a document of one page has no seam and gets none."""
    try:
        count = int(writer.root["/Pages"]["/Count"])
        if count < 2:
            return
        picture.set_writer(writer)
        fence = writer.add_object(generic.StreamObject(stream_data=b"q"))
        for group in shares(count):
            for position, index in enumerate(group):
                # Whatever state the page's own content leaves behind ends at the fence and its Q.
                writer.add_stream_to_page(index, fence, prepend=True)
                _draw(writer, index, picture, diameter_mm * POINTS_PER_MM, position, len(group))
    except UNREADABLE as error:
        raise Invalid("文件的页面无法读取，不能盖骑缝章，请重新生成文件。") from error


def shares(count: int) -> list[range]:
    """The pages of each impression: as few impressions as will do, of even length, none of a single page."""
    impressions = -(-count // MOST_PAGES)
    ends = [count * number // impressions for number in range(impressions + 1)]
    return [range(start, end) for start, end in pairwise(ends)]


def _draw(
    writer: IncrementalPdfFileWriter, index: int, picture: PdfImage, diameter: float, position: int, of: int
) -> None:
    page_ref, resources = writer.find_page_for_modification(index)
    width = diameter / of
    left, bottom, upright, edge, height = _upright(visible_box(page_ref.get_object()))
    foot = (height - diameter) / 2
    # Fanned out, the first page lies on top: its edge takes the left of the seal.
    drawing = (
        f"Q /Artifact BMC q {upright} {left:.3f} {bottom:.3f} cm "
        f"{edge - width:.3f} {foot:.3f} {width:.3f} {diameter:.3f} re W n "
        f"{diameter:.3f} 0 0 {diameter:.3f} {edge - width * (position + 1):.3f} {foot:.3f} cm {_NAME} Do Q EMC"
    )
    own = generic.DictionaryObject({pdf_name(_NAME): picture.image_ref})
    is_known = _NAME in value(resources.get_object(), "/XObject", {})  # pages may share their resources
    writer.add_stream_to_page(
        index,
        writer.add_object(generic.StreamObject(stream_data=drawing.encode("ascii"))),
        None if is_known else generic.DictionaryObject({pdf_name("/XObject"): own}),
    )


def _upright(box: tuple[float, float, float, float]) -> tuple[float, float, str, float, float]:
    """How a bound sheet lies on its page: origin, matrix, and the sheet's outer edge and height.

    A landscape page is bound at its top (it is the portrait page turned), so its foot is the outer edge.
    """
    left, bottom, right, top = box
    if right - left <= top - bottom:
        return left, bottom, "1 0 0 1", right - left, top - bottom
    return left, top, "0 -1 1 0", top - bottom, right - left
