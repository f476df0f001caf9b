"""Every component in every state on one page; written with `python -m tests.browser.gallery FILE.html`."""

from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
TEMPLATES = ROOT / "perfapp" / "templates"
STATIC = ROOT / "perfapp" / "static"
