"""`python -m perfapp.running`."""

import os
import sys

from perfapp.config import Settings
from perfapp.running.errors import CannotRun
from perfapp.running.supervisor import Supervisor


def main() -> int:
    """Exit status: 0 stopped by a person, 1 could not start or a part died."""
    try:
        return Supervisor(Settings.from_env(os.environ)).run()
    except CannotRun as reason:
        sys.stderr.write(f"{reason}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
