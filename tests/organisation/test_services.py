"""The tree keeps its paths, the chain of escalation is found, accounts are safe by their rules."""

from __future__ import annotations

import pytest
from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import select
from werkzeug.security import check_password_hash

from app.core.rules import RuleViolation
from app.organisation import queries, services
from app.organisation.models import StaffUser, UnitLiaison
from app.organisation.rules import EscalationLevel, LiaisonRole, UnitKind

GOOD = "mavi kapı dokuz kiraz"


@pytest.fixture
def roles(session):
    names = (
        "clerk",
        "unit_liaison",
        "unit_manager",
        "branch_mgr",
        "dept_head",
        "asset_recorder",
        "asset_controller",
    )
    known = set(session.scalars(select(Role.name)))
    session.add_all([Role(name=name) for name in names if name not in known])
    session.flush()


@pytest.fixture
def make_unit(session):
    def make(code, parent=None, kind=UnitKind.DEPARTMENT):
        return services.create_unit(
            session,
            code=code,
            name=code.title(),
            kind=kind,
            parent_id=parent.id if parent else None,
        )

    return make


@pytest.fixture
def make_user(session, roles):
    def make(username, *role_names, **more):
        return services.create_staff_user(
            session, username=username, first_name=username.title(), last_name="Deneme",
            email=f"{username}@ornek.bel.tr", role_names=role_names or ("clerk",), **more,
        )  # fmt: skip

    return make


# --- the tree ------------------------------------------------------------------------------------
def test_a_moved_unit_takes_everything_below_it_along(session, make_unit):
    top, left, right = make_unit("T_TOP"), None, None
    left, right = make_unit("T_LEFT", top), make_unit("T_RIGHT", top)
    child = make_unit("T_CHILD", left)
    grandchild = make_unit("T_GRAND", child)
    services.move_unit(session, unit=child, parent_id=right.id)
    assert grandchild.path == f"/{top.id}/{right.id}/{child.id}/{grandchild.id}/"
    assert queries.find_subtree_ids(session, right.id) == {right.id, child.id, grandchild.id}
    assert queries.find_subtree_ids(session, left.id) == {left.id}
    assert queries.find_ancestor_ids(session, grandchild.id) == [
        grandchild.id,
        child.id,
        right.id,
        top.id,
    ]


def test_a_unit_cannot_stand_below_itself(session, make_unit):
    top = make_unit("T_TOP")
    child = make_unit("T_CHILD", top)
    with pytest.raises(RuleViolation):
        services.move_unit(session, unit=top, parent_id=child.id)
    with pytest.raises(RuleViolation):
        services.move_unit(session, unit=top, parent_id=top.id)


def test_ids_that_begin_alike_are_not_one_subtree(session, make_unit):
    units = [make_unit(f"T_{n}") for n in range(12)]
    first = units[0]
    for unit in units:
        expected = {u.id for u in units if u is unit}
        assert queries.find_subtree_ids(session, unit.id) == expected
    assert queries.find_subtree_ids(session, first.id + 100_000) == frozenset()


@pytest.mark.parametrize("code", ["fen", "FEN İŞLERİ", "", "1FEN", "F"])
def test_a_code_is_capitals_without_turkish_letters(session, code):
    with pytest.raises(RuleViolation):
        services.create_unit(session, code=code, name="Fen", kind=UnitKind.OFFICE)


# --- who answers ---------------------------------------------------------------------------------
def test_the_chain_of_escalation_goes_from_liaison_to_department_head(
    session, make_unit, make_user
):
    department = make_unit("T_DEPT")
    office = make_unit("T_OFFICE", department, UnitKind.OFFICE)
    liaison = make_user("t_liaison", "unit_liaison")
    deputy = make_user("t_deputy", "unit_liaison")
    head = make_user("t_head", "unit_manager")
    session.add_all(
        [
            UnitLiaison(unit_id=department.id, user_id=deputy.id, role=LiaisonRole.DEPUTY),
            UnitLiaison(unit_id=department.id, user_id=liaison.id, role=LiaisonRole.MAIN),
        ]
    )
    department.manager_id = head.id
    session.flush()
    assert queries.find_liaisons(session, office.id) == [liaison, deputy]
    chain = queries.find_escalation_chain(session, office.id)
    assert chain[:2] == [(EscalationLevel.LIAISON, liaison), (EscalationLevel.UNIT_MANAGER, head)]
    branch, dept = make_user("t_branch", "branch_mgr"), make_user("t_dept", "dept_head")
    levels = dict(queries.find_escalation_chain(session, office.id))
    assert levels[EscalationLevel.BRANCH_MANAGER] in {
        branch,
        *queries.find_users_with_role(session, "branch_mgr"),
    }
    assert dept in queries.find_users_with_role(session, "dept_head")


def test_nobody_is_told_twice_and_the_inactive_are_left_out(session, make_unit, make_user):
    unit = make_unit("T_UNIT")
    both, gone = (
        make_user("t_both", "unit_liaison", "branch_mgr"),
        make_user("t_gone", "unit_liaison"),
    )
    session.add_all([UnitLiaison(unit_id=unit.id, user_id=u.id) for u in (gone, both)])
    unit.manager_id = both.id
    services.deactivate_staff_user(session, user=gone)
    chain = queries.find_escalation_chain(session, unit.id)
    assert [user for _level, user in chain].count(both) == 1
    assert gone not in [user for _level, user in chain]
    assert queries.find_liaisons(session, unit.id) == [both]


# --- accounts ------------------------------------------------------------------------------------
def test_a_new_account_has_no_password_until_one_is_set(session, make_user):
    user = make_user("t_new")
    assert user.password == services.NO_PASSWORD
    services.set_password(session, user=user, password=GOOD)
    assert check_password_hash(user.password, GOOD)
    assert user.password.startswith("scrypt:131072")


@pytest.mark.parametrize(
    "password",
    ["kısa", "onbirharfli", "tekirdag123456", "qwerty123456", "aaaaaaaaaaaaaaaa", "t_weak123456"],
)
def test_weak_passwords_are_refused(session, make_user, password):
    user = make_user("t_weak")
    with pytest.raises(RuleViolation):
        services.set_password(session, user=user, password=password)
    assert user.password == services.NO_PASSWORD


def test_a_password_of_64_signs_is_taken(session, make_user):
    user = make_user("t_long")
    services.set_password(session, user=user, password="çğıöşü kelime " * 5)
    assert user.password != services.NO_PASSWORD


def test_sessions_end_with_the_password_the_roles_and_the_account(session, make_user):
    user = make_user("t_stamp")
    stamps = {user.session_stamp}
    services.set_password(session, user=user, password=GOOD)
    stamps.add(user.session_stamp)
    services.change_staff_user(session, user=user, values={"role_names": ["unit_liaison"]})
    stamps.add(user.session_stamp)
    services.deactivate_staff_user(session, user=user)
    stamps.add(user.session_stamp)
    assert len(stamps) == 4


def test_a_change_of_the_title_ends_no_session(session, make_user):
    user = make_user("t_title")
    before = user.session_stamp
    services.change_staff_user(session, user=user, values={"title": "Şef"})
    assert (user.session_stamp, user.title) == (before, "Şef")


def test_a_form_that_closes_the_account_ends_its_sessions(session, make_user):
    user = make_user("t_form")
    before = user.session_stamp
    user.active = False
    services.change_staff_user(session, user=user, values={"active": False})
    assert user.session_stamp != before


def test_recorder_and_controller_are_two_persons(session, make_user):
    with pytest.raises(RuleViolation):
        make_user("t_both_assets", "asset_recorder", "asset_controller")


def test_user_name_and_address_belong_to_one_person(session, make_user):
    make_user("t_one")
    with pytest.raises(RuleViolation) as refused:
        make_user("t_one")
    assert {v.field for v in refused.value.violations} == {"username", "email"}


def test_a_role_that_does_not_exist_is_named(session, make_user):
    with pytest.raises(RuleViolation, match="no_such_role"):
        make_user("t_role", "no_such_role")


def test_staff_are_found_by_folded_name(session, make_user):
    make_user("t_isik")
    user = session.scalars(select(StaffUser).where(StaffUser.username == "t_isik")).one()
    user.first_name, user.last_name = "Işık", "ŞAHİN"
    session.flush()
    assert user in queries.find_staff(session, "isik sahin", 5)
