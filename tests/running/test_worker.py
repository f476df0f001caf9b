"""The worker and the clock fit each other, and the clock stays small."""

import subprocess
import sys
from pathlib import Path

from tests.running.system import ROOT, surroundings


def said_by(code: str, home: Path) -> str:
    """What the code prints in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=surroundings(home), capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def test_every_scheduled_task_exists(tmp_path: Path) -> None:
    code = (
        "from workers.celery_app import celery_app; from workers.clock import clock; import workers.tasks;"
        "print({entry['task'] for entry in clock.conf.beat_schedule.values()} - set(celery_app.tasks))"
    )
    assert said_by(code, tmp_path) == "set()"


def test_work_that_hangs_is_asked_to_stop_before_it_is_killed(tmp_path: Path) -> None:
    code = (
        "from workers.celery_app import celery_app; conf = celery_app.conf;"
        "print(0 < conf.task_soft_time_limit < conf.task_time_limit)"
    )
    assert said_by(code, tmp_path) == "True"


def test_the_clock_does_not_load_the_application(tmp_path: Path) -> None:
    code = "import sys, workers.clock; print({'perfapp.app', 'perfapp.data', 'flask', 'sqlalchemy'} & set(sys.modules))"
    assert said_by(code, tmp_path) == "set()"
