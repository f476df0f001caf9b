"""The structures of GB/T 38540-2020 (安全电子签章密码技术规范), as ASN.1."""

from typing import ClassVar

from asn1crypto.core import (
    BitString,
    Boolean,
    GeneralizedTime,
    IA5String,
    Integer,
    ObjectIdentifier,
    OctetBitString,
    OctetString,
    Sequence,
    SequenceOf,
    UTF8String,
)

SM2_WITH_SM3 = "1.2.156.10197.1.501"
VERSION = 4  # of both structures, as GB/T 38540-2020 counts them
ORGANISATION = 1  # ESPropertyInfo.type: a unit's seal, not a person's
CERTIFICATES = 1  # certListType: the list holds certificates, not their digests


class Header(Sequence):
    _fields: ClassVar = [("ID", IA5String), ("version", Integer), ("Vid", IA5String)]


class Certificates(SequenceOf):
    _child_spec = OctetString


class Property(Sequence):
    _fields: ClassVar = [
        ("type", Integer),
        ("name", UTF8String),
        ("certListType", Integer),
        ("certList", Certificates),
        ("createDate", GeneralizedTime),
        ("validStart", GeneralizedTime),
        ("validEnd", GeneralizedTime),
    ]


class Picture(Sequence):
    _fields: ClassVar = [("type", IA5String), ("data", OctetString), ("width", Integer), ("height", Integer)]


class ExtensionData(Sequence):
    _fields: ClassVar = [
        ("extnID", ObjectIdentifier),
        ("critical", Boolean, {"default": False}),
        ("extnValue", OctetString),
    ]


class ExtensionDatas(SequenceOf):
    _child_spec = ExtensionData


class SealInfo(Sequence):
    _fields: ClassVar = [
        ("header", Header),
        ("esID", IA5String),
        ("property", Property),
        ("picture", Picture),
        ("extDatas", ExtensionDatas, {"explicit": 0, "optional": True}),
    ]


class SESeal(Sequence):
    """The electronic seal, signed by its maker (制章者)."""

    _fields: ClassVar = [
        ("eSealInfo", SealInfo),
        ("cert", OctetString),
        ("signAlgID", ObjectIdentifier),
        ("signedValue", OctetBitString),
    ]


class TbsSign(Sequence):
    _fields: ClassVar = [
        ("version", Integer),
        ("eseal", SESeal),
        ("timeInfo", GeneralizedTime),
        ("dataHash", OctetBitString),
        ("propertyInfo", IA5String),
        ("extDatas", ExtensionDatas, {"explicit": 0, "optional": True}),
    ]


class SESSignature(Sequence):
    """The signature over one document, by the seal's signer (签章者)."""

    _fields: ClassVar = [
        ("toSign", TbsSign),
        ("cert", OctetString),
        ("signatureAlgID", ObjectIdentifier),
        ("signature", OctetBitString),
        ("timeStamp", BitString, {"explicit": 0, "optional": True}),
    ]
