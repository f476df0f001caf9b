"""`python -m perfapp.running.knock`: are the database and the broker of the settings there?

A process of its own, so that the drivers it loads do not stay in the supervisor.
Prints the revision of the database's schema, an empty line where it has none yet; exit status 1 with one sentence
where something does not answer.
"""

import os
import sys

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from sqlalchemy import create_engine, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from perfapp.config import Settings
from perfapp.running.errors import CannotRun
from perfapp.running.schema import REVISION

TIMEOUT_SECONDS = 5


def revision(url: str) -> str:
    """Of the schema, empty where there is none yet; raises CannotRun where it does not answer."""
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise CannotRun(f"DATABASE_URL 的写法不对：{error}。") from error
    limits = {"connect_timeout": TIMEOUT_SECONDS} if address.get_backend_name() == "postgresql" else {}
    engine = create_engine(address, connect_args=limits)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return ""
            return " ".join(connection.execute(text(REVISION)).scalars())
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise CannotRun(
            f"连接不上数据库 {address.render_as_string(hide_password=True)}（{reason}）："
            "请检查 DATABASE_URL，并确认数据库已启动。"
        ) from error
    finally:
        engine.dispose()


def check_broker(url: str) -> None:
    """Raises CannotRun where no Redis answers."""
    try:
        with Redis.from_url(
            url,
            socket_connect_timeout=TIMEOUT_SECONDS,
            socket_timeout=TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        ) as client:
            client.ping()
    except (RedisError, OSError, ValueError) as error:
        shown = url.rpartition("@")[2]
        raise CannotRun(f"连接不上消息队列 {shown}（{error}）：请检查 REDIS_URL，并确认 Redis 已启动。") from error


def main() -> int:
    """Exit status."""
    settings = Settings.from_env(os.environ)
    try:
        if settings.redis_url:
            check_broker(settings.redis_url)
        sys.stdout.write(f"{revision(settings.database_url)}\n")
    except CannotRun as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
