"""Settings, read once from the environment; a half-configured process does not start."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


class SettingsError(SystemExit):
    """A setting that cannot be used; its one sentence goes to the terminal and the exit status is not 0."""


_RENEW_DAYS = 180


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a process may know of its surroundings."""

    home: Path
    secret_key: str
    database_url: str
    redis_url: str | None  # None: the embedded broker under `home`
    host: str = "127.0.0.1"
    port: int = 8000
    smtp_url: str | None = None  # smtp://user:password@host:port?from=a@b
    webhook_hosts: frozenset[str] = frozenset()  # host or host:port of gateways on the intranet
    tsa_url: str | None = None  # time stamp authority (RFC 3161): http://host/path or https://
    renew_days: int = _RENEW_DAYS  # an archive time stamp is renewed so many days before it ends
    public_url: str | None = None  # address that people outside this process reach us by
    demo: bool = False
    secure_cookies: bool = False
    opens_keys: bool = False  # the sealing worker alone: every other process is refused the seals' keys
    seal_folder_given: Path | None = None  # None: under `home`

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """The settings of this process; creates PERFAPP_HOME and its secret key file on first use."""
        home = Path(env.get("PERFAPP_HOME") or "var").resolve()
        _make_folder(home)
        public_url = env.get("PERFAPP_PUBLIC_URL") or None
        return cls(
            home=home,
            secret_key=env.get("PERFAPP_SECRET_KEY") or _kept_secret(home / "secret_key"),
            database_url=_database_url(env.get("DATABASE_URL"), home),
            redis_url=env.get("REDIS_URL") or None,
            host=env.get("HOST") or "127.0.0.1",
            port=_port(env.get("PORT")),
            smtp_url=env.get("SMTP_URL") or None,
            webhook_hosts=frozenset(
                host.strip() for host in env.get("PERFAPP_WEBHOOK_HOSTS", "").split(",") if host.strip()
            ),
            tsa_url=_tsa_url(env.get("PERFAPP_TSA_URL")),
            renew_days=_days(env.get("PERFAPP_RENEW_DAYS")),
            public_url=public_url,
            demo=env.get("PERFAPP_DEMO", "") in {"1", "true", "yes"},
            secure_cookies=bool(public_url and public_url.startswith("https://")),
            opens_keys=env.get("PERFAPP_OPENS_KEYS", "") in {"1", "true", "yes"},
            seal_folder_given=Path(env["PERFAPP_SEAL_FOLDER"]).resolve() if env.get("PERFAPP_SEAL_FOLDER") else None,
        )

    @property
    def printed_url(self) -> str | None:
        """The address that documents bear. Only the demo prints its own: a real seal never leads to a loopback."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104 -- compared
        return self.public_url or (f"http://{host}:{self.port}" if self.demo else None)

    @property
    def blob_folder(self) -> Path:
        return self.home / "blobs"

    @property
    def seal_folder(self) -> Path:
        """Where the seals' keys lie; only the sealing worker reads it."""
        return self.seal_folder_given or self.home / "seal"

    @property
    def trust_folder(self) -> Path:
        """Roots of time stamp authorities and revocation lists, for everybody to read."""
        return self.home / "trust"

    @property
    def time_folder(self) -> Path:
        """Key and certificate of the demo's own time stamp authority."""
        return self.home / "time"

    @property
    def font_folder(self) -> Path:
        """Where an administrator may put the official fonts."""
        return self.home / "fonts"

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


def _make_folder(home: Path) -> None:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        sentence = f"数据目录 {home} 建不了：{error.strerror}。请用 PERFAPP_HOME 指定一个可写的目录。"
        raise SettingsError(sentence) from error
    if not os.access(home, os.W_OK | os.X_OK):
        raise SettingsError(f"数据目录 {home} 不可写。请用 PERFAPP_HOME 指定一个可写的目录。")


def _kept_secret(path: Path) -> str:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        secret = path.read_text().strip()
        if len(secret) < 32:
            raise SettingsError(f"密钥文件 {path} 内容不完整，请从备份恢复。") from None
        return secret
    secret = secrets.token_urlsafe(48)
    with os.fdopen(descriptor, "w") as file:
        file.write(secret)
    return secret


def _database_url(given: str | None, home: Path) -> str:
    if not given:
        return f"sqlite:///{home / 'perfapp.sqlite3'}"
    scheme = urlsplit(given).scheme
    if scheme in {"postgres", "postgresql"}:
        return "postgresql+psycopg" + given[len(scheme) :]
    if scheme not in {"sqlite", "postgresql+psycopg"}:
        raise SettingsError(f"DATABASE_URL 的类型“{scheme}”不支持，请用 postgresql:// 或 sqlite:///。")
    return given


def _days(given: str | None) -> int:
    if not given:
        return _RENEW_DAYS
    if not given.isascii() or not given.isdigit() or not 1 <= int(given) <= 3650:
        raise SettingsError(f"PERFAPP_RENEW_DAYS“{given}”应是 1 到 3650 之间的天数。")
    return int(given)


def _tsa_url(given: str | None) -> str | None:
    if given and (urlsplit(given).scheme not in {"http", "https"} or not urlsplit(given).hostname):
        raise SettingsError(f"PERFAPP_TSA_URL“{given}”不是时间戳服务的地址，请用 http:// 或 https:// 开头的完整地址。")
    return given or None


def _port(given: str | None) -> int:
    if not given:
        return 8000
    if not given.isdigit() or not 1 <= int(given) <= 65535:
        raise SettingsError(f"PORT“{given}”不是 1 到 65535 之间的端口号。")
    return int(given)
