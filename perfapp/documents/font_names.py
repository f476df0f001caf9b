"""The names of the official faces, as a DOCX asks for them. Apart from `fonts`, which loads the typesetter."""

from collections.abc import Mapping

DOCX_NAMES: Mapping[str, str] = {
    "fang": "仿宋_GB2312",
    "kai": "楷体_GB2312",
    "hei": "黑体",
    "title": "方正小标宋简体",
    "song": "宋体",
    "latin": "Times New Roman",
}
