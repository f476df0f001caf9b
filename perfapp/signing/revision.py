"""What a revision of a PDF adds: an archive time stamp nothing but itself, a renewal also the last one's proof."""

from typing import Any

from asn1crypto import crl, x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature

_PROOF = {"/Certs": x509.Certificate, "/CRLs": crl.CertificateList}
_VALUE = {"/Type", "/Filter", "/SubFilter", "/Contents", "/ByteRange"}


def adds_only_itself(reader: PdfFileReader, stamp: EmbeddedPdfSignature, *, with_proof: bool = False) -> bool:
    """Its field, filled and otherwise as it was, and its value: no other object, none freed, the same catalog.

    `with_proof` besides: certificates and revocation lists, one an object, newly named by the store of such things.
    """
    number, field = stamp.signed_revision, stamp.sig_field
    own, value = field.container_ref, field.raw_get("/V")
    if not isinstance(own, generic.Reference) or not isinstance(value, generic.IndirectObject) or number < 1:
        return False
    added, old = reader.xrefs.explicit_refs_in_revision(number), _refs_before(reader, number)
    before = reader.get_historical_resolver(number - 1).get_object(own)
    after = reader.get_historical_resolver(number).get_object(own)
    return (
        added - (_proof(reader, number, old) & added if with_proof else set()) == {own, value.reference}
        and value.reference not in old
        and not reader.xrefs.refs_freed_in_revision(number)
        and _root(reader, number) == _root(reader, number - 1)
        and isinstance(before, generic.DictionaryObject)
        and set(after) == {*before, "/V"}
        and "/V" not in before
        and all(after.raw_get(key) == before.raw_get(key) for key in before)
        and set(value.get_object()) <= _VALUE
    )


def _refs_before(reader: PdfFileReader, number: int) -> set[generic.Reference]:
    """What the file held already: nothing of it may be written anew under the guise of an addition."""
    return {one for earlier in range(number) for one in reader.xrefs.explicit_refs_in_revision(earlier)}


def _proof(reader: PdfFileReader, number: int, known: set[generic.Reference]) -> set[generic.Reference]:
    """The store and what it names for the first time; nothing if anything else has changed in it."""
    then, now = reader.get_historical_resolver(number - 1), reader.get_historical_resolver(number)
    store = then.root.raw_get("/DSS") if "/DSS" in then.root else None
    if not isinstance(store, generic.IndirectObject):
        return set()
    before, after = then.get_object(store.reference), now.get_object(store.reference)
    found = {store.reference}
    for key, kind in _PROOF.items():
        old, new = _named(before, key), _named(after, key)
        added = new[len(old) :]
        if new[: len(old)] != old or any(one in known or not _holds(now.get_object(one), kind) for one in added):
            return set()
        found.update(added)
    return found if set(after) == set(before) <= {"/Type", *_PROOF} else set()


def _named(store: generic.DictionaryObject, key: str) -> list[generic.Reference]:
    listed: Any = store.raw_get(key) if key in store else []
    return [one.reference for one in listed]  # anything but a plain list of references breaks, and is refused


def _holds(stream: Any, kind: Any) -> bool:
    """One certificate or list, nothing after it, and no word beside it."""
    is_plain = isinstance(stream, generic.StreamObject) and set(stream) <= {"/Length", "/Filter"}
    return is_plain and kind.load(stream.data, strict=True).dump() == stream.data


def _root(reader: PdfFileReader, number: int) -> object:
    return reader.trailer.flatten(number).raw_get("/Root")
