"""Where the keys lie and who opens them: files, a token, an outside service; the sealing worker and nobody else."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from flask import Flask

from perfapp import clock
from perfapp.core.errors import DomainError, Forbidden, Invalid
from perfapp.core.report_flow import ReportAction, ReportState
from perfapp.core.seal_flow import SealState
from perfapp.data import events, jobs, probes, reports, seal_uses, seals
from perfapp.data.session import transaction
from perfapp.extensions import current_settings, keep_settings
from perfapp.services import jobs as job_acts
from perfapp.services import reports as report_acts
from perfapp.services import seal_watch
from perfapp.services.making import keys, probing
from tests import signing_service, tokens
from tests.making import PASSWORD, AUnit, a_cycle, a_unit, an_issued_report, run_jobs

DATABASES = ("sqlite", "postgres")
ROOT = Path(__file__).parents[2]


def seal_folder() -> Path:
    return current_settings().seal_folder


def key_of(seal: seals.SealView) -> ec.EllipticCurvePrivateKey:
    stem = current_settings().seal_folder / seal.key_name
    found = pkcs12.load_pkcs12(stem.with_suffix(".p12").read_bytes(), stem.with_suffix(".password").read_bytes()).key
    assert isinstance(found, ec.EllipticCurvePrivateKey)
    return found


def elsewhere(seal: seals.SealView, **settings: str) -> None:
    """Let the seal's key lie elsewhere than in a file."""
    folder = current_settings().seal_folder
    (folder / f"{seal.key_name}.p12").unlink(missing_ok=True)
    lines = [f'{name} = "{value}"' for name, value in settings.items()]
    private(folder / f"{seal.key_name}.toml", "\n".join(lines))


def private(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o600)


def a_seal(unit: AUnit) -> seals.SealView:
    found = seals.active(unit.id)
    assert found is not None
    return found


def sealed(unit: AUnit) -> reports.ReportView:
    report = an_issued_report(unit, a_cycle(unit))
    report_acts.press(unit.leader, report.id, ReportAction.PRESS, version=report.version, password=PASSWORD)
    run_jobs()
    return reports.get(report.id)


@pytest.fixture
def as_web(rolled_back: Flask) -> Iterator[Callable[[], None]]:
    """Turns the process into one that may not open keys, until the test ends."""
    given = current_settings()
    yield lambda: keep_settings(rolled_back, replace(given, opens_keys=False))
    keep_settings(rolled_back, given)


def test_another_process_than_the_sealing_worker_opens_no_key(as_web: Callable[[], None]) -> None:
    unit = a_unit()
    report = an_issued_report(unit, a_cycle(unit))
    report_acts.press(unit.leader, report.id, ReportAction.PRESS, version=report.version, password=PASSWORD)
    as_web()
    ((job_id, kind),) = jobs.due(clock.now())
    assert kind == "seal"
    assert job_acts.run(job_id) is None
    waiting = jobs.get(job_id)
    assert waiting is not None
    assert waiting.state == "queued"
    with pytest.raises(Forbidden), keys.opened(a_seal(unit).certificate):
        pytest.fail("opened")
    for forbidden in (lambda: keys.es_of(a_seal(unit).certificate), probing.probe):
        with pytest.raises(Forbidden):
            forbidden()


@pytest.mark.parametrize("module", ["wsgi", "perfapp.running.supervisor", "workers.clock"])
def test_processes_that_do_not_seal_never_load_what_opens_keys(module: str, tmp_path: Path) -> None:
    code = f"import sys, {module}; sys.exit(int('perfapp.services.making.keys' in sys.modules))"
    env = {**os.environ, "PERFAPP_HOME": str(tmp_path)}
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, check=False).returncode == 0


def test_the_right_to_the_keys_is_given_to_one_service_alone() -> None:
    units = {path.stem: path.read_text() for path in (ROOT / "deploy").glob("*.service")}
    assert [name for name, text in units.items() if "PERFAPP_OPENS_KEYS=1" in text] == ["perfapp-seal"]
    assert "User=perfapp-seal" in units["perfapp-seal"]
    for name in ("perfapp-web", "perfapp-worker", "perfapp-beat"):
        assert "User=perfapp\n" in units[name]
        assert "InaccessiblePaths=-/var/lib/perfapp-seal" in units[name]


@pytest.mark.usefixtures("rolled_back")
def test_a_report_is_sealed_by_an_outside_service() -> None:
    unit = a_unit()
    seal = a_seal(unit)
    with signing_service.serving(key_of(seal)) as url:
        private(seal_folder() / "shared.secret", signing_service.SECRET.decode())
        elsewhere(seal, provider="service", url=url, key="seal", secret_file="shared.secret")
        assert sealed(unit).state is ReportState.SEALED
    assert keys.provider_of(seal.certificate) == "外部签名服务"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"change": lambda answer: {**answer, "nonce": "0" * 32}}, "不是对这一次请求的"),
        ({"change": lambda answer: {"nonce": answer["nonce"]}}, "回答读不懂"),
        ({"secret": b"another-secret-that-only-one-side-knows!"}, "没有通过共享密钥核对"),
        ({"key": ec.generate_private_key(ec.SECP256R1())}, "与印章证书不相配"),
    ],
)
@pytest.mark.usefixtures("rolled_back")
def test_an_answer_that_is_not_the_services_own_is_not_used(wrong: dict[str, object], sentence: str) -> None:
    unit = a_unit()
    seal = a_seal(unit)
    served = {"key": key_of(seal), **wrong}
    with signing_service.serving(**served) as url:  # type: ignore[arg-type]
        private(seal_folder() / "shared.secret", signing_service.SECRET.decode())
        elsewhere(seal, provider="service", url=url, key="seal", secret_file="shared.secret")
        assert sealed(unit).state is ReportState.SEALING
    assert sentence in seal_uses.uses(unit.id)[0].note


@pytest.mark.usefixtures("rolled_back")
def test_a_service_that_is_away_or_far_without_tls_is_said() -> None:
    unit = a_unit()
    seal = a_seal(unit)
    private(seal_folder() / "shared.secret", signing_service.SECRET.decode())
    with signing_service.serving(ec.generate_private_key(ec.SECP256R1())) as url:
        pass
    cases = {url: "没有应答", "http://sign.example.gov.cn/": "应以 https:// 开头"}
    for address, sentence in cases.items():
        elsewhere(seal, provider="service", url=address, key="seal", secret_file="shared.secret")
        with pytest.raises(Invalid, match=sentence), keys.opened(seal.certificate):
            pytest.fail("opened")


@pytest.fixture(scope="session")
def soft_tokens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Iterator[tokens.SoftToken]]:
    """A token for each database: the library reads its settings once in the life of a process."""
    folder = tmp_path_factory.mktemp("softhsm")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
        yield tokens.prepare(folder, len(DATABASES))


@pytest.mark.needs("softhsm")
@pytest.mark.usefixtures("rolled_back")
def test_a_report_is_sealed_by_a_token(soft_tokens: Iterator[tokens.SoftToken], tmp_path: Path) -> None:
    unit = a_unit()
    seal = a_seal(unit)
    token = next(soft_tokens)
    tokens.put(tmp_path, token, key_of(seal))
    private(seal_folder() / "token.pin", tokens.PIN)
    given = {"provider": "pkcs11", "library": token.library, "token": token.label, "pin_file": "token.pin"}
    elsewhere(seal, **given, key=token.key_label)
    assert sealed(unit).state is ReportState.SEALED
    assert keys.provider_of(seal.certificate) == "密码设备（PKCS#11）"
    for changed, sentence in (({"key": "another"}, "打不开或没有密钥"), ({"token": "another"}, "打不开或没有密钥")):
        elsewhere(seal, **{**given, "key": token.key_label, **changed})
        with pytest.raises(Invalid, match=sentence), keys.opened(seal.certificate):
            pytest.fail("opened")
    private(seal_folder() / "token.pin", "000000")
    elsewhere(seal, **given, key=token.key_label)
    with pytest.raises(Invalid, match="口令不对"), keys.opened(seal.certificate):
        pytest.fail("opened")


def spoil_mode(stem: Path) -> None:
    stem.with_suffix(".p12").chmod(0o644)


def spoil_folder(stem: Path) -> None:
    stem.parent.chmod(0o755)


def spoil_key(stem: Path) -> None:
    stem.with_suffix(".p12").write_bytes(b"no PKCS#12")


def spoil_password(stem: Path) -> None:
    stem.with_suffix(".password").write_text("wrong")


def spoil_settings(stem: Path) -> None:
    private(stem.with_suffix(".toml"), 'provider = "cloud"')


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (spoil_mode, "其他用户也能读"),
        (spoil_folder, "其他用户也能进入"),
        (spoil_key, "这不是 PKCS#12"),
        (spoil_password, "印章密码不对"),
        (spoil_settings, "provider 应为 pkcs11 或 service"),
    ],
)
@pytest.mark.usefixtures("rolled_back")
def test_a_key_that_cannot_be_opened_is_loud_until_it_is_mended(
    spoil: Callable[[Path], None], sentence: str, tmp_path: Path
) -> None:
    unit = a_unit()
    seal = a_seal(unit)
    stem = current_settings().seal_folder / seal.key_name
    kept = {path: path.read_bytes() for path in stem.parent.glob(f"{seal.key_name}*")}
    spoil(stem)
    found = " ".join(probing.probe())
    assert sentence in found
    assert seal.name in found
    (caution, *_) = [one for one in seal_watch.cautions(unit.id) if one.seal_id == seal.id]
    assert "密钥打不开" in caution.title
    assert "seal_warning" in [event.action for event in events.of_unit(unit.id)]
    stem.parent.chmod(0o700)
    stem.with_suffix(".toml").unlink(missing_ok=True)
    for path, data in kept.items():
        path.write_bytes(data)
        path.chmod(0o600)
    probing.probe()
    assert [one for one in seal_watch.cautions(unit.id) if one.seal_id == seal.id] == []


@pytest.mark.usefixtures("rolled_back")
def test_a_refusal_of_the_sealing_worker_is_in_the_log_and_told() -> None:
    unit = a_unit()
    report = an_issued_report(unit, a_cycle(unit))
    report_acts.press(unit.leader, report.id, ReportAction.PRESS, version=report.version, password=PASSWORD)
    with transaction():
        seals.set_state(a_seal(unit).id, SealState.STOPPED)
    run_jobs()
    (line,) = [event for event in events.of_report(report.id) if event.action == "seal_refused"]
    assert "已停用或注销" in line.reason
    assert seal_uses.uses(unit.id)[0].state == "failed"


@pytest.mark.usefixtures("rolled_back")
def test_the_key_of_another_certificate_is_found_out() -> None:
    unit, other = a_unit(), a_unit()
    folder, seal = current_settings().seal_folder, a_seal(unit)
    for suffix in (".p12", ".password"):
        (folder / f"{seal.key_name}{suffix}").write_bytes((folder / f"{a_seal(other).key_name}{suffix}").read_bytes())
    with pytest.raises(DomainError, match="与登记的证书不相配"), keys.opened(seal.certificate):
        pytest.fail("opened")
    probing.probe()
    assert probes.of(probes.KEY)[str(seal.certificate.id)].is_good is False
