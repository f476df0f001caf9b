"""What the tests can reach on this machine. `python -m tests.services NAME` exits 0 where NAME is reachable."""

import os
import shutil
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError

from tests import tokens

POSTGRES_URLS = (
    "postgresql+psycopg://postgres@127.0.0.1:5432/postgres",
    "postgresql+psycopg://root@127.0.0.1:5432/postgres",
    "postgresql+psycopg:///postgres",
)
REDIS_URL = os.environ.get("PERFAPP_TEST_REDIS", "redis://127.0.0.1:6379/15")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@cache
def postgres_url() -> str | None:
    """Of a database from which others can be created."""
    given = os.environ.get("PERFAPP_TEST_POSTGRES")
    for url in (given,) if given else POSTGRES_URLS:
        engine = create_engine(url, connect_args={"connect_timeout": 2})
        try:
            with engine.connect():
                return url
        except SQLAlchemyError:
            continue
        finally:
            engine.dispose()
    return None


@cache
def redis_url() -> str | None:
    """Of a database of the server that is ours to empty."""
    try:
        with Redis.from_url(REDIS_URL, socket_connect_timeout=2) as client:
            client.ping()
    except (RedisError, OSError):
        return None
    return REDIS_URL


@cache
def browser() -> str | None:
    """Path of a Chromium."""
    given = os.environ.get("PERFAPP_TEST_BROWSER")
    return next((path for name in ((given,) if given else BROWSERS) if (path := shutil.which(name))), None)


@cache
def axe() -> str | None:
    """Path of the accessibility checker, there after `npm ci` in frontend/."""
    path = Path(__file__).parents[1] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
    return str(path) if path.is_file() else None


@cache
def softhsm() -> str | None:
    """SoftHSM's library, there with its tools and the package of requirements-pkcs11.txt."""
    ready = shutil.which("softhsm2-util") and find_spec("pkcs11")
    return tokens.library() if ready else None


@cache
def openssl() -> str | None:
    """Path of the OpenSSL command, for SM2."""
    return shutil.which("openssl")


REACH = {
    "axe": axe,
    "browser": browser,
    "openssl": openssl,
    "postgres": postgres_url,
    "redis": redis_url,
    "softhsm": softhsm,
}


def required() -> frozenset[str]:
    """What must be there: its absence is a failure and not a skip."""
    return frozenset(filter(None, os.environ.get("PERFAPP_REQUIRE", "").split(",")))


if __name__ == "__main__":
    sys.exit(REACH[sys.argv[1]]() is None)
