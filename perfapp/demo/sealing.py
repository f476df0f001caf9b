"""The demo's seals: who keeps the unit's, the test signature beside it, and a superior unit that can countersign."""

from contextlib import suppress

from perfapp import clock
from perfapp.core.permissions import Role
from perfapp.core.report_flow import SealPolicy
from perfapp.data import people, seals
from perfapp.data.session import transaction
from perfapp.demo.staff import Staff, hire
from perfapp.services import installing
from perfapp.signing.sm2 import NoOpenSSL

SUPERIOR_CODE = "DEMO-UP"
SUPERIOR_NAME = "株洲市芦淞区机关事务管理局"
SUPERIOR_LOGINS = ".up"  # yinzhang.up and so on


def add_seal(unit_id: int, name: str) -> int:
    """The unit's demo seal, with a GB/T 38540 test signature where the machine has OpenSSL."""
    seal_id = installing.register_seal(unit_id, installing.demo_seal(name, clock.now()))
    with suppress(NoOpenSSL):  # the demo runs without it
        installing.add_test_es(seal_id)
    return seal_id


def give_to_keeper(seal_id: int, staff: Staff) -> None:
    with transaction():
        seals.change(seal_id, keeper_id=staff.one(Role.SEAL_KEEPER).id)


def add_superior(password_hash: str) -> None:
    """A superior unit with its people and its seal: `flask countersign` lets it countersign."""
    if people.unit_by_code(SUPERIOR_CODE) is not None:
        return
    unit_id, _ = installing.install_unit(SUPERIOR_CODE, SUPERIOR_NAME, [], policy=SealPolicy.KEEPER, is_demo=True)
    seal_id = add_seal(unit_id, SUPERIOR_NAME)
    give_to_keeper(seal_id, hire(unit_id, password_hash, clock.today(), SUPERIOR_LOGINS))
