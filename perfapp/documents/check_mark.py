"""The mark on a report's last page that leads to its public state: a code, and a QR code where an address is known."""

from dataclasses import dataclass
from io import BytesIO

import segno

from perfapp.core.verify_code import grouped

FOLDER = "/v/"  # short, so that the QR code stays coarse and is read from paper


@dataclass(frozen=True)
class CheckMark:
    """The code, and the address people outside reach the system by, if it has one."""

    code: str
    public_url: str | None = None

    @property
    def address(self) -> str:
        """Where the code leads; empty without an address of the system."""
        return f"{self.public_url.rstrip('/')}{FOLDER}{self.code}" if self.public_url else ""

    def lines(self) -> tuple[str, ...]:
        """What stands beside the QR code."""
        if not self.public_url:
            return (f"查验码 {grouped(self.code)}",)
        place = f"{self.public_url.rstrip('/')}/verify"
        return (f"查验码 {grouped(self.code)}", place, "扫码或登录上面的网址，查验真伪和效力")

    def picture(self) -> bytes:
        """The QR code as SVG, dark on nothing, without a quiet zone: the page around it is white."""
        out = BytesIO()
        code = segno.make_qr(self.address, error="m")
        code.save(out, kind="svg", border=0, xmldecl=False, svgns=True, nl=False)
        return out.getvalue()
