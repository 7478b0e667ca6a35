"""Joining, changing, leaving, competence, roles, scopes, the address book."""

from datetime import date, timedelta

import pytest
import time_machine

from tests import cast
from yinuo.kit import actors, plugs, refusals
from yinuo.org import access, models, queries
from yinuo.org.actions import competence, invitations, organisations, people, roles, scopes

NOW = cast.NOW
TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)


def newcomer(company: cast.Company, sign_in: str = "xu.ming", **values: object) -> tuple[models.Person, str]:
    return people.add_person(sign_in=sign_in, name="许明", site=company.site["nb"], by=company.admin, now=NOW, **values)


# Joining --------------------------------------------------------------------------------------------------------------


def test_a_newcomer_sets_the_password_by_a_link_that_works_once(at_work: cast.Company, words_of) -> None:
    person, token = newcomer(at_work)
    assert not person.has_usable_password()
    assert queries.invited(token, NOW) == person
    invitations.accept_invitation(token=token, password="a-long-one-of-mine", by=person, now=NOW)
    assert models.Person.objects.get(pk=person.pk).check_password("a-long-one-of-mine")
    assert queries.invited(token, NOW) is None
    with pytest.raises(invitations.LinkSpent):
        invitations.accept_invitation(token=token, password="another-long-one", by=person, now=NOW)
    assert words_of("org.person")[:2] == ["org.person.added", "org.person.invited"]


def test_a_link_is_good_for_a_week_and_until_the_next_one(at_work: cast.Company) -> None:
    person, first = newcomer(at_work)
    assert queries.invited(first, NOW + 7 * DAY) is None
    assert queries.invited(first, NOW + 7 * DAY - timedelta(seconds=1)) == person
    second = invitations.invite(person=person, by=at_work.admin, now=NOW)
    assert queries.invited(first, NOW) is None
    assert queries.invited(second, NOW) == person
    invitations.revoke_invitations(person=person, by=at_work.admin, now=NOW)
    assert queries.invited(second, NOW) is None
    assert not models.Invitation.objects.filter(token_digest__in=[first, second]).exists()  # only digests are stored


def test_a_link_serves_only_the_one_it_is_for(at_work: cast.Company) -> None:
    _person, token = newcomer(at_work)
    with pytest.raises(invitations.LinkSpent):
        invitations.accept_invitation(token=token, password="a-long-one-of-mine", by=at_work.wang, now=NOW)


def test_names_and_numbers_are_taken_once_whatever_the_case(at_work: cast.Company) -> None:
    with pytest.raises(people.CannotSetPerson) as refused:
        newcomer(at_work, " LiNa ")
    assert refused.value.field == "sign_in"
    with pytest.raises(people.CannotSetPerson) as refused:
        newcomer(at_work, employee_number="0102")
    assert refused.value.field == "employee_number"
    newcomer(at_work, "one", employee_number="")
    newcomer(at_work, "two", employee_number="")
    for bad in ("x", "with blank", "名字", "a/b"):
        with pytest.raises(people.CannotSetPerson):
            newcomer(at_work, bad)


def test_nobody_is_their_own_superior(at_work: cast.Company) -> None:
    with pytest.raises(people.CannotSetPerson):
        people.change_person(person=at_work.gao, expected=1, superior=at_work.lina, by=at_work.admin, now=NOW)


def test_one_changes_ones_own_phone_but_not_ones_number(at_work: cast.Company) -> None:
    people.change_own(expected=1, phone="139 0000 0000", language="en", by=at_work.lina, now=NOW)
    assert models.Person.objects.get(pk=at_work.lina.pk).language == "en"
    with pytest.raises(refusals.NotAllowed):
        people.change_own(expected=2, employee_number="1", by=at_work.lina, now=NOW)
    with pytest.raises(refusals.NotAllowed):
        people.change_person(person=at_work.lina, expected=2, capacity=50, by=at_work.lina, now=NOW)


# Leaving --------------------------------------------------------------------------------------------------------------


def test_leaving_ends_posts_roles_and_scopes_and_is_told(at_work: cast.Company) -> None:
    scope = models.Scope.objects.create(name_zh="保密项目")
    scopes.let_in(scope=scope, person=at_work.lina, reason="项目组", by=at_work.admin, now=NOW)
    told: list[dict[str, object]] = []
    plugs.events.plug("org.person_left/tests", lambda **facts: told.append(facts))
    try:
        people.leave(person=at_work.lina, on=TODAY, expected=1, reason="辞职", by=at_work.admin, now=NOW)
        lina = models.Person.objects.get(pk=at_work.lina.pk)
        assert lina.is_active  # works until the day is over
        assert told == []
        assert people.close_accounts(by=actors.PROGRAM, now=NOW + DAY) == 1
    finally:
        del plugs.events._plugs["org.person_left/tests"]
    lina = models.Person.objects.get(pk=at_work.lina.pk)
    assert not lina.is_active
    assert told[0]["person_id"] == lina.pk
    assert queries.holders("sales_engineer", TODAY) == [lina]
    assert queries.holders("sales_engineer", TODAY + DAY) == []
    assert not lina.role_grants.filter(to_on=None).exists()
    assert not lina.scope_grants.filter(ended_at=None).exists()


def test_leaving_in_the_past_closes_the_account_at_once(at_work: cast.Company) -> None:
    people.leave(person=at_work.sun, on=TODAY - DAY, expected=1, by=at_work.admin, now=NOW)
    assert not models.Person.objects.get(pk=at_work.sun.pk).is_active


def test_who_is_to_hold_a_post_later_does_not_leave_before(at_work: cast.Company) -> None:
    models.Holding.objects.create(post=at_work.post["logistics_manager"], person=at_work.wang, from_on=TODAY + 30 * DAY)
    with pytest.raises(people.CannotLeave):
        people.leave(person=at_work.wang, on=TODAY, expected=1, by=at_work.admin, now=NOW)
    assert models.Person.objects.get(pk=at_work.wang.pk).left_on is None


def test_barred_and_admitted_again(at_work: cast.Company) -> None:
    people.bar(person=at_work.wang, expected=1, reason="手机遗失", by=at_work.admin, now=NOW)
    assert at_work.wang not in queries.people()
    with pytest.raises(invitations.CannotInvite):
        invitations.invite(person=at_work.wang, by=at_work.admin, now=NOW)
    people.admit(person=at_work.wang, expected=2, reason="已找回", by=at_work.admin, now=NOW)
    assert at_work.wang in queries.people()


# Roles ----------------------------------------------------------------------------------------------------------------


def test_nobody_takes_away_the_last_administrator(at_work: cast.Company) -> None:
    def admin() -> models.Person:
        return models.Person.objects.get(pk=at_work.admin.pk)

    grant = models.RoleGrant.objects.get(person=admin())
    with pytest.raises(access.LastAdministrator):
        roles.end_role(grant=grant, to_on=TODAY, expected=1, by=admin(), now=NOW)
    with pytest.raises(access.LastAdministrator):
        people.bar(person=admin(), expected=1, reason="试", by=admin(), now=NOW)
    with pytest.raises(access.LastAdministrator):
        people.leave(person=admin(), on=TODAY, expected=1, by=admin(), now=NOW)
    grant.refresh_from_db()
    assert (grant.to_on, grant.version) == (None, 1)
    # Neither one for a while nor one for a single site would do.
    roles.grant_role(
        person=at_work.gao, role="administrator", from_on=TODAY, to_on=TODAY + DAY, by=at_work.admin, now=NOW
    )
    roles.grant_role(
        person=at_work.he, role="administrator", from_on=TODAY, site=at_work.site["cc"], by=at_work.admin, now=NOW
    )
    with pytest.raises(access.LastAdministrator):
        roles.end_role(grant=grant, to_on=TODAY, expected=1, by=at_work.admin, now=NOW)
    roles.grant_role(person=at_work.zhou, role="administrator", from_on=TODAY, by=at_work.admin, now=NOW)
    assert roles.end_role(grant=grant, to_on=TODAY, expected=1, by=at_work.admin, now=NOW).to_on == TODAY


def test_a_role_allows_from_its_first_to_its_last_day(at_work: cast.Company) -> None:
    roles.grant_role(
        person=at_work.outsider,
        role="employee",
        from_on=TODAY - DAY,
        to_on=TODAY,
        site=at_work.site["nb"],
        by=at_work.admin,
        now=NOW,
    )
    outsider = models.Person.objects.get(pk=at_work.outsider.pk)
    assert outsider.may("cases.see", site_id=at_work.site["nb"].pk)
    assert not outsider.may("cases.see", site_id=at_work.site["cc"].pk)
    models.RoleGrant.objects.filter(person=outsider).update(to_on=TODAY - DAY)
    assert not models.Person.objects.get(pk=outsider.pk).may("cases.see")


def test_a_role_given_today_can_be_taken_back_today(at_work: cast.Company) -> None:
    grant = roles.grant_role(person=at_work.outsider, role="auditor", from_on=TODAY, by=at_work.admin, now=NOW)
    roles.end_role(grant=grant, to_on=TODAY - DAY, expected=1, by=at_work.admin, now=NOW)
    assert not models.Person.objects.get(pk=at_work.outsider.pk).may("cases.see")


def test_roles_are_known_ordered_and_given_once(at_work: cast.Company) -> None:
    for wrong in (
        {"role": "emperor", "from_on": TODAY},
        {"role": "auditor", "from_on": TODAY, "to_on": TODAY - DAY},
        {"role": "sales", "from_on": TODAY},
    ):
        with pytest.raises(roles.CannotGrant):
            roles.grant_role(person=at_work.lina, **wrong, by=at_work.admin, now=NOW)  # type: ignore[arg-type]


def test_nobody_raises_themself(at_work: cast.Company) -> None:
    roles.grant_role(
        person=at_work.he, role="administrator", from_on=TODAY, site=at_work.site["cc"], by=at_work.admin, now=NOW
    )
    he = models.Person.objects.get(pk=at_work.he.pk)
    with pytest.raises(refusals.NotAllowed):
        roles.grant_role(person=he, role="administrator", from_on=TODAY, by=he, now=NOW)
    with pytest.raises(refusals.NotAllowed):
        roles.grant_role(person=at_work.zhou, role="administrator", from_on=TODAY, by=at_work.zhou, now=NOW)


def test_an_administrator_of_a_site_cannot_become_one_of_the_company(at_work: cast.Company) -> None:
    """Whoever could set somebody's password would hold their roles."""
    roles.grant_role(
        person=at_work.sun, role="administrator", from_on=TODAY, site=at_work.site["nb"], by=at_work.admin, now=NOW
    )
    sun, admin = (models.Person.objects.get(pk=row.pk) for row in (at_work.sun, at_work.admin))
    with pytest.raises(refusals.NotAllowed):
        invitations.invite(person=admin, by=sun, now=NOW)
    with pytest.raises(refusals.NotAllowed):
        people.change_person(person=admin, expected=1, sign_in="sun2", by=sun, now=NOW)
    for act in (people.bar, people.admit):
        with pytest.raises(refusals.NotAllowed):
            act(person=admin, expected=1, reason="试", by=sun, now=NOW)
    with pytest.raises(refusals.NotAllowed):
        people.leave(person=admin, on=TODAY, expected=1, by=sun, now=NOW)
    assert not access.may_manage_person(sun, admin)


@pytest.mark.parametrize(("grant_at", "allowed"), [("nb", True), ("cc", False), (None, False)])
def test_who_works_here_but_has_a_role_elsewhere_is_not_one_sites_matter(
    at_work: cast.Company, grant_at: str | None, allowed: bool
) -> None:
    models.RoleGrant.objects.create(person=at_work.sun, role="administrator", site=at_work.site["nb"], from_on=TODAY)
    site = at_work.site[grant_at] if grant_at else None
    tomorrow = TODAY + DAY
    roles.grant_role(person=at_work.outsider, role="auditor", from_on=tomorrow, site=site, by=at_work.admin, now=NOW)
    sun, outsider = (models.Person.objects.get(pk=row.pk) for row in (at_work.sun, at_work.outsider))
    assert access.may_manage_person(sun, outsider) is allowed


def test_a_role_begins_with_the_day_of_the_persons_site(at_work: cast.Company) -> None:
    models.Site.objects.filter(code="cc").update(time_zone="America/Detroit")  # still Sunday evening there
    models.RoleGrant.objects.filter(person=at_work.he).update(from_on=TODAY)
    assert not models.Person.objects.get(pk=at_work.he.pk).may("org.see")
    with time_machine.travel(NOW + DAY / 4, tick=False):
        assert models.Person.objects.get(pk=at_work.he.pk).may("org.see")


def test_rights_count_as_soon_as_they_are_given(at_work: cast.Company) -> None:
    person = at_work.outsider
    assert not person.may("cases.see", scope_id=1)
    scope = scopes.open_scope(name_zh="项目", by=at_work.admin, now=NOW)
    roles.grant_role(person=person, role="employee", from_on=TODAY, by=at_work.admin, now=NOW)
    assert person.may("cases.see")
    assert not person.may("cases.see", scope_id=scope.pk)
    grant = scopes.let_in(scope=scope, person=person, reason="项目组", by=at_work.admin, now=NOW)
    assert person.may("cases.see", scope_id=scope.pk)
    scopes.take_out(grant=grant, reason="离开", by=at_work.admin, now=NOW)
    assert not person.may("cases.see", scope_id=scope.pk)


# Scopes ---------------------------------------------------------------------------------------------------------------


def test_what_is_confidential_is_seen_by_the_named_while_they_are(at_work: cast.Company, words_of) -> None:
    scope = scopes.open_scope(name_zh="项目 Q7", by=at_work.admin, now=NOW)
    grant = scopes.let_in(scope=scope, person=at_work.lina, reason="项目组", by=at_work.admin, now=NOW)
    with pytest.raises(scopes.CannotName):
        scopes.let_in(scope=scope, person=at_work.lina, reason="又", by=at_work.admin, now=NOW)
    assert list(access.scopes(at_work.lina)) == [scope]
    assert list(access.scopes(at_work.zhou)) == []
    scopes.take_out(grant=grant, reason="离开", by=at_work.admin, now=NOW)
    scopes.take_out(grant=grant, reason="再次", by=at_work.admin, now=NOW)
    assert list(access.scopes(models.Person.objects.get(pk=at_work.lina.pk))) == []
    assert words_of("org.scope") == ["org.scope.opened", "org.scope.let_in", "org.scope.taken_out"]


@pytest.mark.parametrize("by", ["lina", "zhou", "gao"])
def test_nobody_lets_themself_in(at_work: cast.Company, by: str) -> None:
    scope = models.Scope.objects.create(name_zh="项目 Q7")
    person = at_work.people[by]
    with pytest.raises(refusals.NotAllowed):
        scopes.let_in(scope=scope, person=person, reason="好奇", by=person, now=NOW)


# Competence -----------------------------------------------------------------------------------------------------------


def test_competence_counts_while_its_proof_is_valid(at_work: cast.Company) -> None:
    skill = competence.name_skill(code="welding", name_zh="焊接", by=at_work.admin, now=NOW)
    held = competence.record_skill(
        person=at_work.wang, skill=skill, level=2, proof="IWE", valid_until=TODAY, by=at_work.admin, now=NOW
    )
    competence.record_skill(person=at_work.sun, skill=skill, level=3, proof="IWE", by=at_work.admin, now=NOW)
    assert queries.competent("welding", TODAY) == [at_work.sun, at_work.wang]
    assert queries.competent("welding", TODAY, 3) == [at_work.sun]
    assert queries.competent("welding", TODAY + DAY) == [at_work.sun]
    competence.record_skill(person=at_work.sun, skill=skill, level=0, proof="", by=at_work.admin, now=NOW)
    assert queries.competent("welding", TODAY) == [at_work.wang]
    with pytest.raises(competence.CannotRecord):
        competence.record_skill(person=at_work.wang, skill=skill, level=3, proof="", by=at_work.admin, now=NOW)
    held.refresh_from_db()
    assert held.level == 2


# The address book -----------------------------------------------------------------------------------------------------


def test_names_of_one_organisation_are_never_those_of_another(at_work: cast.Company) -> None:
    svw = organisations.add_organisation(
        name_zh="上汽大众", kinds=["customer"], aliases=["SVW", "上海大众", "SVW "], by=at_work.lina, now=NOW
    )
    assert svw.aliases == ["SVW", "上海大众"]
    with pytest.raises(organisations.CannotSetOrganisation, match="svw"):
        organisations.add_organisation(
            name_zh="一汽-大众", kinds=["customer"], aliases=["svw"], by=at_work.lina, now=NOW
        )
    faw = organisations.add_organisation(name_zh="一汽-大众", kinds=["customer"], by=at_work.lina, now=NOW)
    with pytest.raises(organisations.CannotSetOrganisation):
        organisations.change_organisation(organisation=faw, expected=1, name_zh="上海大众", by=at_work.lina, now=NOW)
    with pytest.raises(organisations.CannotSetOrganisation):
        organisations.add_organisation(name_zh="谁", kinds=["planet"], by=at_work.lina, now=NOW)


def test_a_confidential_organisation_is_known_to_the_named_only(at_work: cast.Company) -> None:
    scope = models.Scope.objects.create(name_zh="项目 Q7")
    organisations.add_organisation(name_zh="新势力", kinds=["customer"], scope=scope, by=at_work.admin, now=NOW)
    scopes.let_in(scope=scope, person=at_work.lina, reason="项目组", by=at_work.admin, now=NOW)
    lina = models.Person.objects.get(pk=at_work.lina.pk)
    assert access.organisations(lina).count() == 1
    assert access.organisations(at_work.zhao).count() == 0
    # Even a refusal does not tell that it exists.
    organisations.add_organisation(name_zh="新势力", kinds=["customer"], by=at_work.zhao, now=NOW)
    with pytest.raises(refusals.NotAllowed):
        organisations.add_organisation(name_zh="偷看", kinds=["other"], scope=scope, by=at_work.zhao, now=NOW)


def test_a_new_scope_moves_what_hangs_on_the_organisation(at_work: cast.Company) -> None:
    scope = models.Scope.objects.create(name_zh="项目 Q7")
    row = organisations.add_organisation(name_zh="新势力", kinds=["customer"], by=at_work.admin, now=NOW)
    told: list[dict[str, object]] = []
    plugs.events.plug("kit.rescoped/tests", lambda **facts: told.append(facts))
    try:
        organisations.change_organisation(organisation=row, expected=1, scope=scope, by=at_work.admin, now=NOW)
    finally:
        del plugs.events._plugs["kit.rescoped/tests"]
    assert told == [{"type": "org.organisation", "id": row.pk, "scope_id": scope.pk}]


@pytest.mark.parametrize("by", ["wang", "auditor", "outsider"])
def test_the_address_book_is_kept_by_those_who_keep_customers(at_work: cast.Company, by: str) -> None:
    with pytest.raises(refusals.NotAllowed):
        organisations.add_organisation(name_zh="谁", kinds=["other"], by=at_work.people[by], now=NOW)
