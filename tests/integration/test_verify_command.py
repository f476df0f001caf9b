"""`flask verify FILE.pdf`: exit 0 genuine, 1 not, 2 unreadable."""

from pathlib import Path

from flask import Flask

from perfapp.data import blobs
from tests.making import a_cycle, a_sealed_report, a_unit


def test_it_tells_the_genuine_the_changed_and_the_unreadable(rolled_back: Flask, tmp_path: Path) -> None:
    unit = a_unit()
    report = a_sealed_report(unit, a_cycle(unit))
    sealed = blobs.read(report.sealed_sha256 or "")
    changed = bytearray(sealed)
    changed[len(sealed) // 3] ^= 1
    files = {
        "genuine": (sealed, 0, "逐字节一致"),
        "unsealed": (blobs.read(report.pdf_sha256 or ""), 1, "没有电子签章"),
        "changed": (bytes(changed), 1, "不一致"),
        "junk": (b"hello", 2, "不是 PDF"),
    }
    runner = rolled_back.test_cli_runner()
    for name, (data, status, said) in files.items():
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(data)
        result = runner.invoke(args=["verify", str(path)])
        assert result.exit_code == status, (name, result.output)
        assert said in result.output
    missing = runner.invoke(args=["verify", str(tmp_path / "none.pdf")])
    assert missing.exit_code == 2
