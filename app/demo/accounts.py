"""Demo accounts and the fictional staff around them; passwords come from the caller."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.text import fold
from app.data.files import read_names
from app.data.seed import load_units
from app.models import StaffUser, Unit, UnitLiaison
from app.organisation import services
from app.organisation.rules import LiaisonRole, UnitKind

#: Reserved by RFC 2606, so no message to demo staff can reach anybody.
_MAIL = "halkla.example"


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in to try the system; every name is invented."""

    username: str
    first_name: str
    last_name: str
    title: str
    unit: str
    role: str
    also: tuple[str, ...] = ()

    @property
    def role_names(self) -> tuple[str, ...]:
        """All roles of the account."""
        return (self.role, *self.also)


#: Source: docs/architecture.md, demo accounts.
ACCOUNTS = (
    Account("yonetici", "Kerem", "Yalın", "Sistem Yöneticisi", "BILGI_ISLEM", "sys_admin"),
    Account("baskan", "Selim", "Ertan", "Daire Başkanı", "BASIN_HALKLA", "dept_head"),
    Account(
        "mudur", "Nermin", "Aksoy", "Halkla İlişkiler Şube Müdürü", "HALKLA_ILISKILER", "branch_mgr"
    ),
    Account("sef", "Sibel", "Koç", "Şef", "HALKLA_ILISKILER", "chief"),
    Account("operator", "Elif", "Karaca", "Çağrı Merkezi Operatörü", "CAGRI_MERKEZI", "operator"),
    Account("masa", "Gülşen", "Tuna", "Çözüm Masası Görevlisi", "COZUM_MASASI", "desk_officer"),
    Account("cimer", "Burak", "Tunalı", "CİMER Sorumlusu", "CIMER_BILGI", "cimer_officer"),
    Account("bilgi", "Ferhat", "Oral", "Bilgi Edinme Yetkilisi", "CIMER_BILGI", "foi_officer"),
    Account("birim", "Hakan", "Sezer", "Fen İşleri Birim İrtibat Sorumlusu", "FEN", "unit_liaison"),
    Account("teski", "Derya", "Uçar", "TESKİ Birim İrtibat Sorumlusu", "TESKI", "unit_liaison"),
    Account("protokol", "Pınar", "Saygın", "Protokol Görevlisi", "PROTOKOL", "protocol_officer"),
    Account("anket", "Deniz", "Akça", "Anket Sorumlusu", "HALKLA_ILISKILER", "survey_officer"),
    Account(
        "tasinir", "Cengiz", "Karan", "Taşınır Kayıt Yetkilisi", "BASIN_HALKLA", "asset_recorder"
    ),
    Account(
        "kontrol",
        "Meltem",
        "Dinçer",
        "Taşınır Kontrol Yetkilisi",
        "BASIN_HALKLA",
        "asset_controller",
    ),
    Account(
        "strateji", "Onur", "Bilge", "Strateji ve Bütçe Sorumlusu", "STRATEJI", "strategy_officer"
    ),
    Account(
        "rehber", "Seda", "Günal", "Karşılama ve Rehberlik Görevlisi", "HALKLA_ILISKILER", "guide"
    ),
    Account("vekil", "Tülay", "Erdem", "Şef", "HALKLA_ILISKILER", "chief"),
    Account("denetci", "Levent", "Arıkan", "İç Denetçi", "IC_DENETIM", "auditor"),
)

#: Colleagues without a password: unit, title, role, how many.
_COLLEAGUES = (
    ("CAGRI_MERKEZI", "Çağrı Merkezi Operatörü", "operator", 7),
    ("COZUM_MASASI", "Çözüm Masası Görevlisi", "desk_officer", 2),
    ("HALKLA_ILISKILER", "Memur", "clerk", 2),
    ("HALKLA_ILISKILER", "Şef", "chief", 1),
    ("CIMER_BILGI", "Memur", "foi_officer", 1),
    ("GENEL_SEKRETER_YRD", "Genel Sekreter Yardımcısı", "top_mgmt", 1),
    ("YAZI_ISLERI", "KVKK İrtibat Kişisi", "kvkk_officer", 1),
)
_WITH_LIAISONS = frozenset({UnitKind.DEPARTMENT, UnitKind.AFFILIATE, UnitKind.COMPANY})


def load_accounts(session: Session, *, password: str) -> int:
    """Make the demo units, accounts and colleagues that are missing; returns how many people.

    The password of an account that exists is set anew, so that what is printed is true.
    """
    load_units(session, "demo_units.csv")
    units = {unit.code: unit for unit in session.scalars(select(Unit))}
    known = {user.username: user for user in session.scalars(select(StaffUser))}
    hashed = services.hash_password(password)
    made = 0
    for account in ACCOUNTS:
        user = known.get(account.username)
        if user is None:
            user = services.create_staff_user(
                session,
                username=account.username,
                first_name=account.first_name,
                last_name=account.last_name,
                email=f"{account.username}@{_MAIL}",
                role_names=account.role_names,
                unit_id=units[account.unit].id,
                title=account.title,
                is_demo=True,
            )
            made += 1
        # One hash serves all, because all have the same password and a hash takes half a second.
        user.password = hashed
        known[account.username] = user
    session.flush()
    made += _Staff(session, units, known).load()
    return made


class _Staff:
    """Colleagues, heads and liaisons of units, with names drawn always alike."""

    def __init__(
        self, session: Session, units: dict[str, Unit], known: dict[str, StaffUser]
    ) -> None:
        self.session, self.units, self.known = session, units, known
        self.rng = Random("staff")  # Names for a demo.
        self.first, self.last = read_names("first_names.csv"), read_names("last_names.csv")
        self.made = 0

    def load(self) -> int:
        """Make whoever is missing."""
        for unit, title, role, count in _COLLEAGUES:
            for number in range(1, count + 1):
                self._person(f"{role.replace('_', '')}{number + 1}", title, self.units[unit], role)
        for code, account in (("FEN", "birim"), ("TESKI", "teski")):
            self._liaison(self.units[code], self.known[account], LiaisonRole.MAIN)
        self._head(self.units["HALKLA_ILISKILER"], self.known["mudur"])
        self._head(self.units["BASIN_HALKLA"], self.known["baskan"])
        for unit in sorted(self.units.values(), key=lambda u: u.id):
            if unit.kind in _WITH_LIAISONS and unit.code != "BASIN_HALKLA":
                self._unit(unit)
        self.session.flush()
        return self.made

    def _unit(self, unit: Unit) -> None:
        key = fold(unit.code).replace(" ", "")
        main = self._person(f"irtibat.{key}", "Birim İrtibat Sorumlusu", unit, "unit_liaison")
        deputy = self._person(f"yedek.{key}", "Yedek İrtibat Sorumlusu", unit, "unit_liaison")
        head = self._person(f"amir.{key}", _head_title(unit), unit, "unit_manager")
        taken = unit.code in {"FEN", "TESKI"}
        self._liaison(unit, main, LiaisonRole.DEPUTY if taken else LiaisonRole.MAIN)
        if not taken:
            self._liaison(unit, deputy, LiaisonRole.DEPUTY)
        self._head(unit, head)

    def _person(self, username: str, title: str, unit: Unit, role: str) -> StaffUser:
        first, last = self.rng.choice(self.first), self.rng.choice(self.last)
        user = self.known.get(username)
        if user is None:
            user = services.create_staff_user(
                self.session, username=username, first_name=first, last_name=last,
                email=f"{username}@{_MAIL}", role_names=(role,), unit_id=unit.id, title=title, is_demo=True,
            )  # fmt: skip
            self.known[username] = user
            self.made += 1
        return user

    def _liaison(self, unit: Unit, user: StaffUser, role: LiaisonRole) -> None:
        found = self.session.scalars(
            select(UnitLiaison).where(
                UnitLiaison.unit_id == unit.id, UnitLiaison.user_id == user.id
            )
        ).first()
        if found is None:
            self.session.add(UnitLiaison(unit_id=unit.id, user_id=user.id, role=role))
            self.session.flush()

    def _head(self, unit: Unit, user: StaffUser) -> None:
        if unit.manager_id is None:
            unit.manager_id = user.id


def _head_title(unit: Unit) -> str:
    if unit.kind is UnitKind.AFFILIATE:
        return "Genel Müdür"
    return "Müdür" if unit.kind is UnitKind.COMPANY else "Daire Başkanı"
