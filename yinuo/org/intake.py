"""People from workbooks: who they are, which posts they hold, what they can. Never a password: they set their own by a
link of invitation."""

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.kit.importing import CHANGE, FAULT, NEW, SAME, Finding
from yinuo.kit.sheets.mapping import Field
from yinuo.org import models
from yinuo.org.actions import competence, people, posts

Values = dict[str, Any]
PLAIN = ("name", "name_latin", "employee_number", "email", "phone", "site")  # of the person itself
LEVEL = 2  # who stands in a list of skills works alone; who teaches is said on the person's page


def fields(person: models.Person) -> list[Field]:
    return [
        Field("name", _("Full name"), ("姓名", "员工姓名", "名字", "人员", "Name"), is_required=True, longest=100),
        Field("employee_number", _("Employee number"), NUMBER, "code", longest=30, help=_("Or the e-mail address")),
        Field("email", _("E-mail"), ("邮箱", "电子邮箱", "公司邮箱", "Email", "Mail"), "mail", longest=254),
        Field("sign_in", _("Sign-in name"), ("登录名", "账号", "用户名", "账户", "Login"), "code", longest=60,
              help=_("Left empty: what stands before the @ of the mail address, else the employee number")),
        Field("name_latin", _("Name in Latin letters"), ("拼音", "英文名", "姓名拼音"), longest=100),
        Field("phone", _("Phone"), ("电话", "手机", "联系电话", "手机号", "Mobile"), "code", longest=40),
        Field("site", _("Site"), ("工厂", "厂区", "基地", "Plant"), longest=100, help=_("Left empty: your own")),
        Field("department", _("Department"), ("部门", "所在部门", "科室", "Department"), longest=100),
        Field("post", _("Post"), ("岗位", "职务", "职位", "岗位名称", "Position", "Job title"), longest=100),
        Field("from_on", _("In the post since"), ("入职日期", "到岗日期", "任职日期"), "day"),
        Field("skills", _("Skills"), ("技能", "资质", "能力", "专业能力", "Skill"), kind="list"),
        Field("proof", _("Proof"), ("证书", "资质证书", "技能证明", "证明"), longest=300),
    ]  # fmt: skip


NUMBER = ("工号", "员工编号", "人员编号", "员工号", "职工号", "Employee no", "Staff no")


def identity(values: Values) -> str:
    """By what two rows are one person: the employee number, else the mail address."""
    return str(values.get("employee_number") or values.get("email") or "").lower()


class Named:
    """Whom and what the rows of a block name, looked up once for all of them."""

    def __init__(self, rows: Sequence[Values], person: models.Person) -> None:
        self.person = person
        numbers = {row["employee_number"] for row in rows if row.get("employee_number")}
        mails = {row["email"] for row in rows if row.get("email")}
        found = models.Person.objects.filter(Q(employee_number__in=numbers) | Q(email__in=mails)).select_related("site")
        self.by_number = {each.employee_number: each for each in found if each.employee_number in numbers}
        self.by_mail = {each.email.lower(): each for each in found if each.email}
        self.sites = {word: site for site in models.Site.objects.filter(is_active=True) for word in _words(site)}
        self.skills = {word: skill for skill in models.Skill.objects.all() for word in _words(skill)}
        self.posts: dict[str, list[models.Post]] = defaultdict(list)
        for post in models.Post.objects.filter(is_active=True).select_related("department"):
            for word in _words(post):
                self.posts[word].append(post)
        today = timezone.localdate()
        self.held = set(
            models.Holding.objects.filter(models.in_force(today), person__in=[each.pk for each in found])
            .values_list("person_id", "post_id")
        )  # fmt: skip
        self.can = set(
            models.PersonSkill.objects.filter(person__in=[each.pk for each in found], level__gt=0)
            .values_list("person_id", "skill_id")
        )  # fmt: skip
        wanted = {name for row in rows for name in names_to_sign_in(row)}
        self.taken = set(models.Person.objects.filter(sign_in__in=wanted).values_list("sign_in", flat=True))

    def there(self, row: Values) -> models.Person | None:
        """Who the row is, if they are there: by number, else by mail."""
        by_mail = self.by_mail.get(str(row.get("email") or "").lower())
        return self.by_number.get(row.get("employee_number")) or by_mail

    def site(self, row: Values) -> models.Site | None:
        return self.sites.get(_key(row["site"])) if row.get("site") else self.person.site

    def post(self, row: Values) -> list[models.Post]:
        """The posts that may be meant: by the name of the post, and of the department where it is said."""
        found = self.posts.get(_key(row.get("post") or ""), [])
        department = _key(row.get("department") or "")
        return [each for each in found if not department or department in _words(each.department)]

    def sign_in(self, row: Values) -> str:
        return next((name for name in names_to_sign_in(row) if name not in self.taken), "")


def _key(text: Any) -> str:
    return "".join(str(text).split()).lower()


def _words(row: Any) -> set[str]:
    return {_key(word) for word in (row.code, row.name_zh, row.name_en) if word}


def names_to_sign_in(row: Values) -> list[str]:
    """With which name somebody may sign in, the first best: as said, before the @ of the mail, the employee number."""
    said = [row.get("sign_in")] if row.get("sign_in") else [str(row.get("email") or "").partition("@")[0]]
    names = [re.sub(r"[^a-z0-9._@-]+", "", str(name or "").lower()) for name in said]
    if not row.get("sign_in"):
        names.append(re.sub(r"[^a-z0-9._@-]+", "", str(row.get("employee_number") or "").lower()))
    return [name for name in names if people.SIGN_IN.fullmatch(name)]


# What a row means -----------------------------------------------------------------------------------------------------


def look(*, rows: Sequence[Values], person: models.Person, known: Collection[str]) -> list[Finding]:
    """New, or there already by number or mail; who is there is changed only where somebody wants it."""
    named = Named(rows, person)
    return [_finding(row, named) for row in rows]


def _finding(row: Values, named: Named) -> Finding:
    label = " ".join(filter(None, [row["name"], row.get("employee_number") or row.get("email")]))
    there = named.there(row)
    if problems := _problems(row, named, there):
        return Finding(FAULT, label, problems=tuple(problems))
    if there is None:
        return Finding(NEW, label)
    changes = _changes(row, named, there)
    return Finding(CHANGE if changes else SAME, label, changes=tuple(changes), version=there.version)


def _problems(row: Values, named: Named, there: models.Person | None) -> list[tuple[str, str]]:
    found = []
    if not identity(row):
        found.append(("employee_number", _("Please give an employee number or a mail address.")))
    by_mail = named.by_mail.get(str(row.get("email") or "").lower())
    if there and by_mail and by_mail != there:
        found.append(("email", _("This is the mail address of %(name)s.") % {"name": by_mail.name}))
    if row.get("site") and named.site(row) is None:
        found.append(("site", _("There is no site “%(name)s”.") % {"name": row["site"]}))
    found += _problems_of_post(row, named)
    for skill in row.get("skills") or ():
        if _key(skill) not in named.skills:
            found.append(("skills", _("There is no skill “%(name)s”. Please add it first.") % {"name": skill}))
    if there is None and identity(row) and not named.sign_in(row):
        said = _("No sign-in name is free for %(name)s. Please give one in a column of its own.")
        found.append(("sign_in", said % {"name": row["name"]}))
    return found


def _problems_of_post(row: Values, named: Named) -> list[tuple[str, str]]:
    if row.get("department") and not row.get("post"):
        return [("post", _("People belong to a department by their post. Please name the post."))]
    if not row.get("post"):
        return []
    number = len(named.post(row))
    if number == 0:
        said = _("There is no post “%(name)s” in this department. Please add it first.") % {"name": row["post"]}
        return [("post", said)]
    if number > 1:
        said = _("Several posts are called “%(name)s”. Please name the department too.") % {"name": row["post"]}
        return [("post", said)]
    return []


def _changes(row: Values, named: Named, there: models.Person) -> list[tuple[str, str, str]]:
    words = {each.key: each.words for each in fields(named.person)}
    found = [
        (words[key], str(getattr(there, key) or ""), str(new))
        for key, new in _plain(row, named).items()
        if (key != "site" or row.get("site")) and getattr(there, key) != new
    ]
    for post in named.post(row):
        if (there.pk, post.pk) not in named.held:
            found.append((words["post"], "", post.name))
    for skill in _skills(row, named):
        if (there.pk, skill.pk) not in named.can:
            found.append((words["skills"], "", skill.name))
    return found


def _plain(row: Values, named: Named) -> Values:
    """What the row says of the person itself."""
    values: Values = {key: row[key] for key in PLAIN if key != "site" and row.get(key)}
    return values | ({"site": named.site(row)} if named.site(row) else {})


def _skills(row: Values, named: Named) -> list[models.Skill]:
    return [named.skills[_key(each)] for each in row.get("skills") or () if _key(each) in named.skills]


# Taking over ----------------------------------------------------------------------------------------------------------


def take(*, values: Values, names: Named, by: models.Person, now: datetime, expected: int | None) -> models.Person:
    """Somebody who joins, or what changes of somebody; then their post and skills."""
    there = names.there(values) if expected is not None else None
    plain = _plain(values, names)
    if there is None:
        # The token goes nowhere: links are made, and shown once, by whoever hands them out.
        person, _token = people.add_person(sign_in=names.sign_in(values), by=by, now=now, **plain)
    else:
        if not values.get("site"):
            plain.pop("site", None)
        person = people.change_person(person=there, expected=expected or 0, by=by, now=now, **plain)
    for post in names.post(values):
        if (person.pk, post.pk) not in names.held:
            posts.appoint(post=post, person=person, from_on=_since(values), by=by, now=now)
    for skill in _skills(values, names):
        if (person.pk, skill.pk) not in names.can:
            proof = values.get("proof") or _("list of people, taken over from a workbook")
            competence.record_skill(person=person, skill=skill, level=LEVEL, proof=proof, by=by, now=now)
    return person


def _since(values: Values) -> date:
    since: date = values.get("from_on") or timezone.localdate()
    return since
