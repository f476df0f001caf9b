"""Writes the gallery page to the named file."""

import sys
from pathlib import Path

from tests.browser.gallery.page import render

Path(sys.argv[1]).write_text(render(), encoding="utf-8")
