"""What a revision of a PDF adds: of an archive time stamp, nothing but itself."""

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature

_VALUE = {"/Type", "/Filter", "/SubFilter", "/Contents", "/ByteRange"}


def adds_only_itself(reader: PdfFileReader, stamp: EmbeddedPdfSignature) -> bool:
    """Its field, filled and otherwise as it was, and its value: no other object, none freed, the same catalog."""
    number, field = stamp.signed_revision, stamp.sig_field
    own, value = field.container_ref, field.raw_get("/V")
    if not isinstance(own, generic.Reference) or not isinstance(value, generic.IndirectObject) or number < 1:
        return False
    before = reader.get_historical_resolver(number - 1).get_object(own)
    after = reader.get_historical_resolver(number).get_object(own)
    return (
        reader.xrefs.explicit_refs_in_revision(number) == {own, value.reference}
        and not reader.xrefs.refs_freed_in_revision(number)
        and _root(reader, number) == _root(reader, number - 1)
        and isinstance(before, generic.DictionaryObject)
        and set(after) == {*before, "/V"}
        and "/V" not in before
        and all(after.raw_get(key) == before.raw_get(key) for key in before)
        and set(value.get_object()) <= _VALUE
    )


def _root(reader: PdfFileReader, number: int) -> object:
    return reader.trailer.flatten(number).raw_get("/Root")
