"""The register of seals in a browser: a certificate ends and is renewed, a key is away and comes back."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from playwright.sync_api import expect

from perfapp import clock
from perfapp.core.report_flow import ReportState, SealPolicy
from perfapp.core.seal_flow import SealKind, SealState
from perfapp.data import people, reports, seal_uses, seals
from perfapp.data.session import transaction
from perfapp.extensions import current_settings
from perfapp.services import installing, seal_register
from perfapp.services.making import probing
from perfapp.services.seal_register import Handed
from tests.browser.conftest import NewPage, Site
from tests.making import PASSWORD, an_issued_report, request_seal, run_jobs

Out = TypeVar("Out")

pytestmark = pytest.mark.needs("browser")


def in_a_thread(site: Site, work: Callable[[], Out]) -> Out:
    """As a worker does it: signing needs an event loop, and in this thread the browser's runs."""

    def bound() -> Out:
        with site.app.app_context():
            return work()

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(bound).result()
    site.catch_up()
    return done


def an_expired_seal(site: Site) -> int:
    """The only seal of the unit: registered and enabled three years ago, its certificate at its end."""
    unit = site.unit
    for seal in seals.of_unit(unit.id):
        with transaction():
            seals.set_state(seal.id, SealState.CANCELLED)
    with clock.at(clock.now() - timedelta(days=366 * 3 + 5)):
        made = installing.demo_key(f"expired-{unit.id}", unit.name, years=3)
        handed = Handed(made.certificate_pem, [made.root_pem], f"expired-{unit.id}")
        seal_id = seal_register.register(
            unit.sysadmin, name="单位公章", kind=SealKind.OFFICIAL, keeper_id=unit.keeper.id, picture=b"", handed=handed
        )
        probing.probe()
        version = seals.get(seal_id).version
        seal_register.act(
            unit.keeper, seal_id, seal_register.A.ENABLE, version=version, reason="启用", password=PASSWORD
        )
    return seal_id


def test_a_certificate_ends_is_renewed_and_the_report_is_sealed(site: Site, new_page: NewPage, tmp_path: Path) -> None:
    unit = site.unit
    report = an_issued_report(unit, site.cycle_id)
    seal_id = in_a_thread(site, lambda: an_expired_seal(site))
    leader = new_page()
    site.login(leader, "leader")
    leader.goto(f"{site.url}/reports/{report.id}/seal")
    expect(leader.locator("main")).to_contain_text("到期，不能盖章：请系统管理员在“印章”登记新证书")
    expect(leader.get_by_role("button", name="盖章", exact=True)).to_have_count(0)

    administrator = new_page(390)
    site.login(administrator, "sysadmin")
    expect(administrator.locator("main")).to_contain_text("“单位公章”的证书已到期，不能盖章")
    administrator.goto(f"{site.url}/seals/{seal_id}")
    made = installing.demo_key(f"renewed-{unit.id}", unit.name, years=3)  # whoever runs the sealing service
    (tmp_path / "seal.pem").write_bytes(made.certificate_pem)
    (tmp_path / "root.pem").write_bytes(made.root_pem)
    (tmp_path / "seal.p12").write_bytes(made.pkcs12)
    administrator.get_by_text("登记新证书").first.click()
    administrator.get_by_label("印章证书").set_input_files(tmp_path / "seal.p12")
    administrator.get_by_label("上级证书").set_input_files(tmp_path / "root.pem")
    administrator.get_by_label("密钥代号").fill(f"renewed-{unit.id}")
    administrator.get_by_role("button", name="登记新证书").click()
    expect(administrator.locator("main")).to_contain_text("这个文件里有私钥，不要上传到网页")
    administrator.get_by_label("印章证书").set_input_files(tmp_path / "seal.pem")
    administrator.get_by_label("上级证书").set_input_files(tmp_path / "root.pem")
    administrator.get_by_role("button", name="登记新证书").click()
    expect(administrator.locator("main")).to_contain_text("新证书已登记，等盖章服务核对密钥")
    in_a_thread(site, probing.probe)

    keeper = new_page()
    site.login(keeper, "keeper")
    expect(keeper.locator("main")).to_contain_text("新证书已核对，请保管人改用")
    keeper.get_by_role("link", name="看印章").first.click()
    keeper.get_by_text("改用新证书").first.click()
    keeper.get_by_label("再次输入您的登录密码").first.fill(PASSWORD)
    keeper.get_by_role("button", name="改用新证书").click()
    expect(keeper.locator("main")).to_contain_text("已换下，留作查验")

    leader.reload()
    leader.get_by_label("交给谁").fill("区财政局绩效股")
    leader.get_by_label("份数").fill("3")
    leader.get_by_label("再次输入您的登录密码").fill(PASSWORD)
    leader.get_by_role("button", name="盖章", exact=True).click()
    in_a_thread(site, run_jobs)
    expect(leader.get_by_role("link", name="下载盖章的 PDF")).to_be_visible()
    leader.goto(f"{site.url}/seal-uses")
    expect(leader.locator("main")).to_contain_text("交给区财政局绩效股")
    site.catch_up()
    assert reports.get(report.id).state is ReportState.SEALED
    assert seal_uses.uses(unit.id)[0].copies == 3


def test_the_key_is_away_said_loudly_and_comes_back(site: Site, new_page: NewPage) -> None:
    unit = site.unit
    with transaction():
        people.set_seal_policy(unit.id, SealPolicy.KEEPER)
    report = an_issued_report(unit, site.cycle_id)
    site.catch_up()
    editor = new_page(390)
    site.login(editor, "editor")
    editor.goto(f"{site.url}/reports/{report.id}")
    editor.get_by_role("link", name="去申请用印").click()
    editor.get_by_label("份数").fill("0")
    editor.get_by_role("button", name="申请用印").click()
    expect(editor.locator("main")).to_contain_text("份数请填 1 到 999")
    editor.get_by_label("份数").fill("2")
    editor.get_by_role("button", name="申请用印").click()
    expect(editor.locator("main")).to_contain_text("已申请用印")

    seal = seals.active(unit.id)
    assert seal is not None
    key = current_settings().seal_folder / f"{seal.key_name}.p12"
    away = key.rename(key.with_suffix(".away"))
    assert any("密钥文件不在" in sentence for sentence in in_a_thread(site, probing.probe))
    for role in ("sysadmin", "keeper"):
        page = new_page()
        site.login(page, role)
        expect(page.locator("main")).to_contain_text("的密钥打不开，暂时不能盖章")
        expect(page.locator("main")).to_contain_text("密钥文件不在")
    page.goto(f"{site.url}/reports/{report.id}/seal")
    expect(page.locator("main")).to_contain_text(re.compile("份数\\s*2 份"))
    page.get_by_label("再次输入您的登录密码").fill(PASSWORD)
    page.get_by_role("button", name="盖章", exact=True).click()
    in_a_thread(site, run_jobs)
    page.reload()
    expect(page.locator("main")).to_contain_text("刚才没有盖成，报告仍未盖章")
    expect(page.locator("main")).to_contain_text("印章密钥读不到：密钥文件不在")

    away.rename(key)
    in_a_thread(site, probing.probe)
    page.goto(f"{site.url}/")
    expect(page.locator("main")).not_to_contain_text("密钥打不开")
    page.goto(f"{site.url}/reports/{report.id}/seal")
    page.get_by_label("再次输入您的登录密码").fill(PASSWORD)
    page.get_by_role("button", name="重新盖章").click()
    in_a_thread(site, run_jobs)
    expect(page.get_by_role("link", name="下载盖章的 PDF")).to_be_visible()


def test_nothing_in_the_request_is_lost(site: Site, new_page: NewPage) -> None:
    """Where the keeper refuses, the editor finds again what he had asked for."""
    unit = site.unit
    with transaction():
        people.set_seal_policy(unit.id, SealPolicy.KEEPER)
    report = an_issued_report(unit, site.cycle_id)
    request_seal(unit, site.cycle_id)
    site.catch_up()
    keeper = new_page()
    site.login(keeper, "keeper")
    keeper.goto(f"{site.url}/reports/{report.id}/seal")
    keeper.get_by_role("button", name="退回用印申请").click()
    keeper.get_by_label("理由").fill("请写明交给哪个股室")
    keeper.get_by_role("button", name="退回", exact=True).click()
    expect(keeper.locator("main")).to_contain_text("已退回用印申请")
    editor = new_page()
    site.login(editor, "editor")
    editor.goto(f"{site.url}/reports/{report.id}/seal-request")
    expect(editor.get_by_label("交给谁")).to_have_value("本级财政部门")
