"""A company in the middle of its work: one row of every kind, so that every address of the product leads to something.

Everything of the customer and its case hangs on `SECRET` names, so that a page can be searched for what it lets out.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import cast
from tests.cases import story as stories
from tests.house import tree
from tests.kit import workbooks
from yinuo.cases import models as cases
from yinuo.cases.actions import closing, judging, linking, merging, samples, sorting
from yinuo.changes import models as changes
from yinuo.changes.actions import applying, beside, setting
from yinuo.comparisons import actions as comparisons
from yinuo.customers import models as customers
from yinuo.customers.actions import contacts, portals, products, projects
from yinuo.imports import actions as imports
from yinuo.imports import intake
from yinuo.imports import models as imports_models
from yinuo.kit import actors, bulk, fetching, importing, subjects
from yinuo.kit import models as kit
from yinuo.letters.actions import incoming, mailboxes, outgoing, progress, senders, threads
from yinuo.letters.intake import receiving
from yinuo.messengers import models as messengers
from yinuo.messengers.actions import keeping
from yinuo.notify import actions as notify_actions
from yinuo.notify import models as notify
from yinuo.org import definition
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org.actions import batches, handing_over, invitations, tokens, views
from yinuo.org.actions import people as org_people
from yinuo.procedures import models as procedures
from yinuo.procedures.actions import drafting
from yinuo.records import actions as records
from yinuo.records import queries as records_queries
from yinuo.reports import models as reports
from yinuo.reports.actions import saving
from yinuo.sources import jobs as sources_jobs
from yinuo.sources import models as sources
from yinuo.sources.actions import correcting as checking
from yinuo.sources.actions import documents, obsolete, standards
from yinuo.sources.actions import judging as placing
from yinuo.watches.actions import pages as watched_pages
from yinuo.watches.actions import visiting

SECRET = "玄鸟绝密"  # stands in every name and title of what only the circle may know
CIRCLE = ("lina", "zhao", "wang", "sun", "zhou", "gao", "chen", "wu")
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass
class World:
    """The company, its rows, and the arguments with which each address leads to them."""

    company: cast.Company
    scope: org.Scope
    rows: dict[str, Any] = field(default_factory=dict)
    story: stories.Story = field(init=False)
    token: str = ""  # of an invitation that still opens

    def client(self, who: str | org.Person) -> Client:
        """A browser in which somebody is signed in; what breaks is answered with 500, not raised."""
        client = Client(raise_request_exception=False)
        client.force_login(self.company.people[who] if isinstance(who, str) else who, backend=BACKEND)
        return client

    def arguments(self, name: str) -> list[dict[str, Any]]:
        """Every set of arguments worth trying at an address; `[{}]` where it takes none."""
        room, _, page = name.partition(":")
        if not next(each.converters for each in tree.addresses() if each.name == name):
            return [{}]
        return list(getattr(self, f"_{room}", lambda _page: [{}])(page))

    def _cases(self, page: str) -> Iterator[dict[str, Any]]:
        case = self.rows["case"]
        if page == "cases_about":
            for about in ("customer", "product", "project"):
                yield {"subject_type": f"customers.{about}", "pk": self.rows[about].pk}
        elif page == "feedback":
            yield {"token": self.rows["link"].token}
        elif page == "finding_file":
            yield {"pk": self.rows["finding"].pk, "token": self.rows["finding_file"].token}
        elif page == "finding" or (page.startswith("finding_") and page != "finding_report"):
            yield {"pk": self.rows["finding"].pk}
        elif page in ("lesson", "lesson_change", "lesson_void"):
            yield {"pk": self.rows["lesson"].pk}
        elif page in ("sample_change", "sample_move", "sample_void"):
            yield {"number": case.number, "pk": self.rows["sample"].pk}
        elif page in ("case_unrelate", "case_merge_into", "case_take_out"):
            yield self._joined(page)
        elif page == "link_revoke":
            yield {"number": case.number, "pk": self.rows["link"].pk}
        elif page in _ITEM_PAGES:
            yield {"number": case.number, "position": 3 if page == "item_answer" else 1}
        elif page in _CASE_PAGES:
            yield {"number": case.number}
        else:
            yield {}

    def _joined(self, page: str) -> dict[str, Any]:
        if page == "case_unrelate":
            return {"number": self.rows["case"].number, "pk": self.rows["relation"].pk}
        if page == "case_merge_into":
            return {"number": self.rows["case"].number, "survivor": self.rows["twin"].number}
        return {"number": self.rows["merged"].number}

    def _customers(self, page: str) -> Iterator[dict[str, Any]]:
        kind = page.split("_")[0]
        if page in ("customers", "contacts", "products", "projects", "portals", "portal_checks", "customer_add",
                    "product_add", "project_add", "customer_similar") or page.endswith("suggestions"):  # fmt: skip
            yield {}
        elif page == "part_number_remove":
            yield {"pk": self.rows["product"].pk, "number": self.rows["part_number"].pk}
        elif page in ("drawing_correct", "drawing_void"):
            yield {"pk": self.rows["product"].pk, "drawing": self.rows["drawing"].pk}
        elif page == "member_leave":
            yield {"pk": self.rows["project"].pk, "member": self.rows["member"].pk}
        else:
            of = {"part": "product", "drawing": "product", "member": "project"}.get(kind, kind)
            yield {"pk": self.rows["customer" if page in ("contact_add", "portal_add") else of].pk}

    def _letters(self, page: str) -> Iterator[dict[str, Any]]:
        if page in ("talks", "release_rules", "mails", "mail_upload", "mailboxes", "mailbox_add", "templates",
                    "template_add", "plans"):  # fmt: skip
            yield {}
        elif page in ("template", "template_preview"):
            yield {"kind": "receipt", "language": "zh"}
        elif page == "plan_now":
            yield {"pk": self.rows["plan"].pk}
        elif page in ("threads", "thread_open", "plan"):
            yield {"subject_type": "cases.case", "subject_id": self.rows["case"].pk}
        elif page in ("letter_release", "letter_send_back", "letter_withdraw", "draft_change"):
            yield {"pk": self.rows["letter"].pk}
        elif page in ("mailbox_change", "mailbox_look", "sender"):
            yield {"pk": self.rows["mailbox"].pk}
        elif page in ("mail", "mail_hand_on"):
            yield {"pk": self.rows["came"].pk}
        elif page in ("letter_sent", "letter_mail", "mail_cancel", "mail_now", "mail_decide"):
            yield {"pk": self.rows["released"].pk}
        elif page == "spoken_settle":
            yield {"pk": self.rows["spoken"].pk}
        else:
            yield {"pk": self.rows["thread"].pk}

    def _sources(self, page: str) -> Iterator[dict[str, Any]]:
        lists = ("references", "obsolete", "withdrawn", "withdrawn_add")
        if page in ("clauses", "documents", "document_add", "matrix", "standards", "standard_add", *lists):
            yield {}
        elif page.startswith(("reference", "obsolete_", "withdrawn_")):
            yield {"pk": self.rows[page.partition("_")[0]].pk}
        elif page == "standard_supplied":
            yield {"name": "iso-9001-2015"}
        elif page == "standard_withdraw":
            yield {"pk": self.rows["standard"].current_id}
        elif page in ("standard", "standard_clause", "loading", "loading_confirm") or page.startswith("baseline"):
            yield {"pk": self.rows[page.removesuffix("_confirm").removesuffix("_decide").removesuffix("_sign")].pk}
        elif page == "of_customer":
            yield {"pk": self.rows["customer"].pk}
        elif page == "target_suggestions":
            yield {}
        elif page in ("clause", "clause_translate", "mapping_add"):
            more = {"language": "en"} if page == "clause_translate" else {}
            yield {"pk": self.rows["clause"].pk, **more}
        elif page == "judging_act":
            yield {"pk": self.rows["clause"].edition_id, "key": self.rows["clause"].pk, "act": "nature"}
        else:
            of = "document" if page in ("document", "document_change", "edition_add", "cited_in") else "edition"
            more = {"check_act": {"act": "confirm"}, "page_picture": {"place": 0, "number": 1}}.get(page, {})
            yield {"pk": self.rows[of].pk, **more}

    def _watches(self, page: str) -> Iterator[dict[str, Any]]:
        more = {"visit": self.rows["visit"].pk} if page == "difference" else {}
        yield {"pk": self.rows["watched_page"].pk, **more}

    def _changes(self, page: str) -> Iterator[dict[str, Any]]:
        by_key = {"of_customer": "customer", "of_edition": "edition", "supplier_change": "supplier"}
        by_key |= dict.fromkeys(("implement", "verify", "leave_out", "take_back"), "application")
        by_key |= dict.fromkeys(("document_change", "document_done", "document_reopen"), "own_document")
        by_key |= dict.fromkeys(("term_change", "term_end"), "term")
        if page in ("changes", "change_add", "proof", "proof_paper", "terms", "company_term", "term_add"):
            yield {}
        elif page in by_key:
            yield {"pk": self.rows[by_key[page]].pk}
        else:
            yield {"number": self.rows["change"].number}

    def _notify(self, page: str) -> Iterator[dict[str, Any]]:
        if page in ("message", "message_read"):
            yield {"key": self.rows["message"].pk}
        elif page in ("mail_again", "mail_cancel"):
            yield {"key": self.rows["mail"].pk}
        elif page == "job_again":
            yield {"key": self.rows["job"].pk}
        else:
            yield {}

    def _messengers(self, page: str) -> Iterator[dict[str, Any]]:
        yield {"pk": self.rows["delivery" if page == "delivery_again" else "receiver"].pk}

    def _comparisons(self, page: str) -> Iterator[dict[str, Any]]:
        yield {} if page in ("comparisons", "comparison_new") else {"pk": self.rows["comparison"].pk}

    def _imports(self, page: str) -> Iterator[dict[str, Any]]:
        if page in ("import_new", "import_template"):
            yield {"kind": "customers.customer"}
        elif page == "import_take_back":
            yield {"pk": self.rows["import"].pk, "key": self.rows["meaning"].pk}
        else:
            yield {"pk": self.rows["import"].pk}

    def _org(self, page: str) -> Iterator[dict[str, Any]]:
        fixed = {
            "invitation": {"token": self.token},
            "session_end": {"handle": "0123456789abcdef0123"},
            "person_hand_over": {"pk": self.company.lina.pk},
            "calendar_day": {"day": "2026-10-01"},
            "year_load": {"year": 2027},
            "year_known": {"year": 2030},
            "bulk": {"sheet": "cases", "act": "priority"},
        }
        route = next(each.route for each in tree.addresses() if each.name == f"org:{page}")
        if page in fixed:
            yield fixed[page]
        elif "<int:pk>" in route:
            kinds = {"people": "person", "sites": "site", "departments": "department", "posts": "post",
                     "holdings": "holding", "absences": "absence", "roles": "role", "scopes": "scope",
                     "address-book": "organisation", "skills": "skill", "places": "place", "tokens": "token",
                     "hand-overs": "hand_over", "views": "view", "batches": "batch"}  # fmt: skip
            kind = "grant" if page == "scope_take_out" else kinds[route.split("/")[1]]
            yield {"pk": self.rows[kind].pk}
        else:
            yield {}

    def _procedures(self, page: str) -> Iterator[dict[str, Any]]:
        if page in ("procedures", "publish", "publish_preview"):
            yield {}
        elif page.startswith("draft"):
            of_one = page not in ("draft_new", "draft_from_text", "draft_start")
            key = {"key": self.rows["procedure"].key} if page == "draft_start" else {}
            yield {"draft_id": self.rows["draft"].pk} if of_one else key
        elif page == "runs_move":
            yield {"key": self.rows["procedure"].key}
        elif page == "procedure":
            yield {"key": "s5"} if not self.rows["procedure"] else {"key": self.rows["procedure"].key}
        elif page == "edition":
            yield {"key": self.rows["procedure"].key, "number": self.rows["procedure"].current.number}
        elif page == "person_tasks":
            yield {"person_id": self.company.wang.pk}
        elif page.startswith("run_"):
            yield {"run_id": self.rows["run"].pk}
        else:
            for task in self.open_tasks():
                yield {"task_id": task.pk}

    def _reports(self, page: str) -> Iterator[dict[str, Any]]:
        if page.startswith("saved_"):
            yield {"pk": self.rows["report"].pk}
        elif page == "asked_before":
            yield {"number": self.rows["case"].number}
        elif page == "repeat_apart":
            yield {"pk": self.rows["repeat"].pk, "item": self.rows["asking"].pk}
        else:
            yield {"pk": self.rows["repeat"].pk}

    def _records(self, page: str) -> Iterator[dict[str, Any]]:
        if page in ("entries", "readings", "verification", "periods"):
            yield {}
        elif page in ("entry_redact", "hold_lift"):
            yield {"key": self.rows["hold" if page == "hold_lift" else "entry"].pk}
        elif page in ("timeline", "files", "hold_new"):
            for kind in ("customer", "product", "project", "portal", "case"):
                row = self.rows[kind]
                yield {"subject_type": row.subject_type, "subject_id": row.pk}
            yield {"subject_type": "letters.letter", "subject_id": self.rows["letter"].pk}
        else:
            yield {"token": self.rows["attachment"].token}

    def open_tasks(self) -> list[procedures.Task]:
        """One open task of each step."""
        found: dict[str, procedures.Task] = {}
        for task in procedures.Task.objects.filter(state="open").select_related("holder").order_by("pk"):
            found.setdefault(task.step, task)
        return list(found.values())

    def addresses(self) -> Iterator[tuple[tree.Address, str]]:
        """Every address of the product with each of its arguments, as (address, url)."""
        for address in tree.addresses():
            if getattr(address.view, "__module__", "").startswith("yinuo.") and not address.name.startswith("kit:"):
                for arguments in self.arguments(address.name):
                    yield address, reverse(address.name, kwargs=arguments)


_CASE_PAGES = {a.name.partition(":")[2] for a in tree.addresses() if a.route.startswith("cases/of/<str:number>/")}
_ITEM_PAGES = {a.name.partition(":")[2] for a in tree.addresses() if "<int:position>" in a.route}
assert _CASE_PAGES
assert _ITEM_PAGES


def build() -> World:
    """The whole world; takes seconds, so tests share it and roll back what they do."""
    company = cast.company()
    stories.publish(company)
    stories.skill("technical", "技术", company.wang)
    stories.skill("quality", "质量", company.sun)
    scope = org.Scope.objects.create(name_zh=f"{SECRET}圈")
    for name in CIRCLE:
        scope.grants.create(person=company.people[name], granted_at=cast.NOW)
    world = World(company, scope)
    _customer(world)
    _open(world)
    _case_rows(world)
    _letters(world)
    _repeat(world)
    _document(world)
    _standard(world)
    _change(world)
    _organisation(world)
    _import(world)
    return world


def _repeat(world: World) -> None:
    """Two requests of the circle that ask the same."""
    facts = {"times": 2, "customers": 1, "first_at": cast.NOW, "last_at": cast.NOW, "topics": ["salt_spray"]}
    repeat = reports.Repeat.objects.create(title=f"{SECRET}盐雾试验", scope_id=world.scope.pk, **facts)
    for name in ("twin", "case"):
        case = world.rows[name]
        item = case.items.order_by("position").first()
        world.rows["asking"] = reports.Asking.objects.create(
            item=item, case=case, repeat=repeat, percent=80, wording=item.wording_number
        )
    world.rows["repeat"] = repeat


def _document(world: World) -> None:
    """A customer's document with an edition whose clauses wait to be checked."""
    by = {"by": stories.fresh(world.company.lina), "now": cast.NOW}
    row = documents.add(title=f"{SECRET}手册", kind="manual", customer=world.rows["customer"], **by)
    file = SimpleUploadedFile(f"{SECRET}.txt", f"1 总则\n{SECRET}保存15年。\n2 变更\n提前通知。".encode())
    made = documents.add_edition(document=row, files=[file], label="A/1", received_on=cast.NOW.date(), **by)
    sources_jobs.read(made.pk)
    was = f"1 总则\n{SECRET}保存10年。\n2 变更\n不必通知，按QS-9000。"
    earlier = SimpleUploadedFile(f"{SECRET}0.txt", was.encode())
    past = documents.add_edition(
        document=row, files=[earlier], label="A/0", standing="signed", received_on=date(2026, 1, 5), **by
    )
    sources_jobs.read(past.pk)
    past.refresh_from_db()
    checking.accept(edition=past, expected=past.draft.version, **by)
    sources_jobs.look_through(past.pk)
    entry = obsolete.add_entry(name="QS-8000", what="replaced", successor="QS-9000", source="公告", **by)
    found = {"reference": sources.Reference.objects.get(), "obsolete": sources.Obsolete.objects.get()}
    found["clause"] = past.texts.get(place=0)
    world.rows |= {"document": row, "edition": made, "withdrawn": entry, **found}


def _standard(world: World) -> None:
    """A standard of which a new edition is introduced, and a list of another."""
    by = {"by": stories.fresh(world.company.zhou), "now": cast.NOW}
    old = standards.load_supplied(name="iso-9001-2008", **by)
    text = old.texts.get(number="4.2.2")
    new = standards.load_supplied(name="iso-9001-2015", **by)
    said = b"{number: VDA 6.3, edition: '2023', clauses: [{number: P1, zh: \xe6\x80\xbb\xe5\x88\x99}]}"
    world.rows["loading"] = standards.receive(content=said, name="vda.yaml", said={}, why={"": ""}, **by)
    world.rows |= {"standard": old.document, "standard_clause": text, "baseline": new.baseline}
    world.rows["mapping"] = placing.add_mapping(text=world.rows["clause"], target=text, **by)


def _change(world: World) -> None:
    """The change that came with an edition: a product at a site, a document and a supplier that follow, a term."""
    company, rows = world.company, world.rows
    by = {"by": stories.fresh(company.lina), "now": cast.NOW}
    row = rows["change"] = changes.Change.objects.get()
    rows["application"] = applying.name(
        change=row, products=[rows["product"]], sites=[company.site["nb"]], expected=row.version, **by
    )[0]
    facts = {"kind": "fmea", "number": f"F-{SECRET}", "responsible": company.wang, "due_on": date(2026, 4, 1)}
    rows["own_document"] = beside.add_document(change=row, **facts, **by)
    rows["supplier"] = beside.add_supplier(change=row, name=f"{SECRET}供方", **by)
    said = {"start": "earliest", "days": 5, "expected": 0, "now": cast.NOW, "by": stories.fresh(company.zhou)}
    rows["term"] = setting.set_term(customer=rows["customer"], **said)


def _import(world: World) -> None:
    """A workbook that 赵敏 has brought."""
    content = workbooks.plain()
    by = stories.fresh(world.company.zhao)
    read = intake.first_look(importing.kind_of("customers.customer"), content, "a.xlsx", by)
    said = {"content": content, "name": f"{SECRET}.xlsx", "read": read, "by": by, "now": cast.NOW}
    world.rows["import"] = imports.receive(kind="customers.customer", **said)
    world.rows["meaning"] = imports_models.Meaning.objects.create(
        of="customers.customer", key=SECRET, text=SECRET, meant="XN", label=SECRET, by_id=by.actor_id, at=cast.NOW
    )
    export = kit.Exported.objects.create(
        token="t" * 22, sheet="customers", language="zh-hans", zone="Asia/Shanghai", by_name=f"{SECRET}人", at=cast.NOW
    )
    sent = {"content": content, "name": f"{SECRET}.xlsx", "by": by, "now": cast.NOW}
    world.rows["comparison"] = comparisons.receive(export=export, **sent)


def everything(person: org.Person) -> None:
    """Give somebody every role; fresh rights are read with the next request."""
    for role in definition.ROLES:
        org.RoleGrant.objects.get_or_create(person=person, role=role, site=None, from_on=date(2020, 1, 1))


def _customer(world: World) -> None:
    company, rows = world.company, world.rows
    by, now = stories.fresh(company.zhao), cast.NOW
    said = {"by": by, "now": now}
    rows["customer"] = customer = stories.customer(company, "XN", f"{SECRET}汽车", scope=world.scope)
    rows["contact"] = contacts.add(customer=customer, name=f"{SECRET}沈工", email="shen@customer.example", **said)
    rows["product"] = product = products.add(number=f"P-{SECRET}", name_zh=f"{SECRET}支架", customer=customer, **said)
    rows["part_number"] = products.add_part_number(product=product, customer=customer, number=f"N-{SECRET}", **said)
    rows["drawing"] = products.add_drawing(
        product=product, number=f"D-{SECRET}", edition="A", dated_on=date(2025, 9, 1), **said
    )
    rows["project"] = project = projects.add(
        number=f"J-{SECRET}", name_zh=f"{SECRET}项目", customer=customer, products=[product],
        phase=customers.Phase.values[0], department=company.department["engineering"], site=company.site["nb"], **said,
    )  # fmt: skip
    rows["member"] = projects.join(
        project=project, person=company.wang, role=customers.TeamRole.values[0], from_on=date(2026, 1, 1), **said
    )
    rows["portal"] = portal = portals.add(
        customer=customer, name=f"{SECRET}门户", url="https://portal.example/", keeper=company.lina, **said
    )
    rows["portal_check"] = portals.record_check(
        portal=portal, result="something_new", note=f"{SECRET}换版", expected=portal.version, **said
    )
    rows["watched_page"] = page = watched_pages.add(
        name=f"{SECRET}网页", address="https://news.example/", customer=customer, keeper=company.lina, **said
    )
    for text in ("A", "B"):
        answer = fetching.Answer(200, f"{SECRET} {text}".encode(), media="text/plain; charset=utf-8")
        rows["visit"] = visiting.keep(page=page, answer=answer, by=actors.PROGRAM, now=now)


def _open(world: World) -> None:
    """A case of three items, just registered."""
    company, rows = world.company, world.rows
    case = stories.open_case(
        company, rows["customer"], items=stories.items(f"{SECRET}：{stories.SALT}", stories.REPORT, stories.LEAD),
        title=f"{SECRET}要求", contact=rows["contact"], products=[rows["product"]], is_safety=True,
        files=[(f"{SECRET}.txt", f"{SECRET} 原件".encode())],
    )  # fmt: skip
    world.story = stories.Story(company, case)


def live_on(story: stories.Story) -> Iterator[str]:
    """Carry a registered case through S5, naming each step while its task is open."""
    measure = lambda: cases.Measure.objects.get(case=story.case).pk  # noqa: E731
    deeds = {
        "register": story.accept,
        "acknowledge": story.acknowledge,
        "analyse": lambda: story.analyse("wang", feasible=[True, True, False]),
        "departments": lambda: story.opine("zhou", "quality", "can", "can", "cannot"),
        "plan": lambda: story.plan("wang", ("更换钝化液", "wang", 1)),
        "explain": lambda: story.submit(
            "wang", "explain", key=story.item(3).pk, data={"reason": "周期", "alternative": "提前一周"}
        ),
        "release_alternative": lambda: story.submit(
            "lina", "release_alternative", key=story.item(3).pk, outcome="release", data={"way": "mail"}
        ),
        "customer_decision": lambda: judging.record_answer(
            item=story.item(3), answer="accepted", answer_by="沈工", answer_on=date(2026, 3, 2),
            by=story.person("lina"), now=story.tick(), expected=story.item(3).version,
        ),
        "approve": lambda: story.submit("gao", "approve", outcome="agree", signed=True),
        "implement": lambda: story.submit(
            "wang", "implement", key=measure(), data={"done_on": "2026-03-16", "what": "已完成"}
        ),
        "verify": lambda: story.submit(
            "sun", "verify", key=measure(), outcome="passed", signed=True,
            data={"method": "查记录", "finding": "属实有效"},
        ),
        "draft_reply": lambda: story.submit("wang", "draft_reply", data={"body": "各项已落实。"}),
        "release_reply": lambda: story.submit(
            "lina", "release_reply", outcome="release", data={"body": "各项已落实。", "way": "mail"}
        ),
        "feedback": lambda: closing.give_up_feedback(
            case=story.case, reason="未答复", by=story.person("lina"), now=story.tick()
        ),
        "complete": story.complete,
    }  # fmt: skip
    while story.steps():
        step = story.steps()[0]
        yield step
        deeds[step]()
        story.refreshed()


def _case_rows(world: World) -> None:
    rows, company = world.rows, world.company
    case = rows["case"] = world.story.refreshed()
    rows["item"] = cases.Item.objects.get(case=case, position=1)
    by, now = stories.fresh(company.lina), timezone.now()
    rows["sample"] = samples.keep_sample(
        case=case, kind=cases.Sample.Kind.SEALED, number=f"S-{SECRET}", place="样件室",
        keeper=company.sun, by=by, now=now,
    )  # fmt: skip
    rows["link"] = closing.make_link(case=case, name=f"{SECRET}沈工", by=by, now=now)
    rows["lesson"] = closing.write_lesson(case=case, title=f"{SECRET}教训", text=f"{SECRET}先确认工艺", by=by, now=now)
    rows["finding"] = finding = sorting.report(
        text=f"{SECRET}要求", customer=rows["customer"], said_by=f"{SECRET}沈工", by=stories.fresh(company.wang),
        now=now, files=[(f"{SECRET}附件.txt", f"{SECRET} 原话".encode())],
    )  # fmt: skip
    rows["finding_file"] = records_queries.attachments(finding).get()
    _joined_rows(world)
    rows["run"] = procedures.Run.objects.get(subject_type="cases.case", subject_id=case.pk)
    rows["procedure"] = rows["run"].procedure
    rows["draft"] = drafting.start(procedure=rows["procedure"], by=stories.fresh(company.zhou), now=now)
    rows["attachment"] = records.attach(
        subject=case, content=f"{SECRET} 内容".encode(), name=f"{SECRET}附件.txt", by=by, now=now
    )


def _joined_rows(world: World) -> None:
    """A case asked again and linked, and one that was merged into it."""
    rows, company, now = world.rows, world.company, timezone.now()
    again = {"title": f"{SECRET}再次要求", "items": stories.items(f"{SECRET}：{stories.SALT}"), "now": now}
    rows["merged"] = merged = stories.open_case(company, rows["customer"], **again)
    rows["twin"] = twin = stories.open_case(company, rows["customer"], **again)
    rows["relation"] = linking.link(
        case=twin, other=rows["case"], relation="related", reason=f"{SECRET}同一零件",
        by=stories.fresh(company.lina), now=now,
    )  # fmt: skip
    merging.merge(
        case=merged, survivor=twin, reason=f"{SECRET}重复", by=stories.fresh(company.zhao), now=now,
        expected=merged.version, expected_survivor=twin.version,
    )  # fmt: skip


def _letters(world: World) -> None:
    rows, company = world.rows, world.company
    said = {"by": stories.fresh(company.lina), "now": timezone.now()}
    rows["thread"] = thread = threads.open_thread(
        subject=rows["case"], customer=rows["customer"], title=f"{SECRET}澄清", purpose="clarification", **said
    )
    rows["letter"] = outgoing.draft(thread=thread, text=f"{SECRET}请确认。", contact=rows["contact"], ask=True, **said)
    released = outgoing.draft(thread=thread, text=f"{SECRET}第二封。", way="wechat", speaker="沈工", **said)
    rows["released"] = outgoing.release(letter=released, expected=released.version, **said)
    rows["spoken"] = incoming.record_incoming(
        thread=thread, text=f"{SECRET}口头答复。", way="phone", said_at=said["now"] - timedelta(hours=1),
        speaker="沈工", confirm_due_on=said["now"].date() + timedelta(days=3), **said,
    )  # fmt: skip
    rows["came"] = _mail(world)
    senders.set_sender(
        mailbox=rows["mailbox"], name="质量部", host="smtp.example", port=465, way="smtps", user="csr", password=SECRET,
        sent_folder="", is_active=True, by=stories.fresh(company.admin), now=said["now"], expected=0,
    )  # fmt: skip
    rows["plan"] = progress.plan(
        subject=rows["case"], customer=rows["customer"], every="week", next_on=said["now"].date() + timedelta(days=7),
        language="zh", expected=0, **said,
    )  # fmt: skip


def _mail(world: World) -> Any:
    """A mail of a confidential customer that came into a mailbox; nothing was made of it."""
    now = timezone.now()
    world.rows["mailbox"] = mailbox = mailboxes.add(
        name="邮箱", address="csr@qinghe.example", host="imap.example", port=993, way="imaps", user="csr",
        folder="INBOX", since_on=now.date(), site=None, scope=None, is_active=False, password=SECRET,
        by=stories.fresh(world.company.admin), now=now,
    )  # fmt: skip
    content = f"From: {SECRET} <shen@customer.example>\nSubject: 自动回复: {SECRET}\n\n{SECRET}".encode()
    return receiving.receive(content, mailbox=mailbox, by=actors.PROGRAM, now=now)[0]


def _kept(world: World) -> tuple[org.SavedView, org.Batch]:
    """A view of the requests, shared; and what became of a request that was ranked from the list."""
    zhou, now = stories.fresh(world.company.zhou), timezone.now()
    view = views.save_view(
        sheet="cases", name="在办", path="/cases/", query="state=open", is_shared=True, by=zhou, now=now
    )
    picks = [bulk.Pick(world.rows["case"].pk, 0)]  # not as it is now: it stays as it was
    asked = {"priority": ["2"], "reason": ["顾客催促"]}
    act = bulk.act_of("cases/priority")
    batch = batches.begin(act=act, picks=picks, asked=asked, back="/cases/", by=zhou, now=now)
    batches.carry_out(batch=batch, now=now)
    return view, batch


def _organisation(world: World) -> None:
    rows, company = world.rows, world.company
    now = timezone.now()
    admin = stories.fresh(company.admin)
    rows["person"], world.token = org_people.add_person(
        sign_in="newcomer", name="新人", employee_number="7777", email="newcomer@qinghe.example",
        site=company.site["nb"], by=admin, now=now,
    )  # fmt: skip
    world.token = invitations.invite(person=rows["person"], by=admin, now=now)
    rows["site"], rows["department"] = company.site["nb"], company.department["quality"]
    rows["post"], rows["scope"] = company.post["quality_engineer"], world.scope
    rows["holding"] = org.Holding.objects.filter(person=company.sun).get()
    rows["grant"] = world.scope.grants.get(person=company.sun)
    rows["role"] = org.RoleGrant.objects.filter(person=company.sun).first()
    rows["organisation"] = rows["customer"].organisation
    rows["absence"] = org.Absence.objects.create(
        person=company.sun, delegate=company.zhou, from_at=now + timedelta(days=1), to_at=now + timedelta(days=2)
    )
    rows["skill"] = org.Skill.objects.first()
    rows["place"] = org.Location.objects.create(site=rows["site"], name_zh="一号楼")
    rows["hand_over"] = _handed_over(world)
    rows["view"], rows["batch"] = _kept(world)
    rows["report"] = saving.save_report(
        name="月报", page="statistics", query="", by=stories.fresh(company.zhou), now=now
    )
    tokens.make_token(name="BI", may_write=True, days=90, by=stories.fresh(company.lina), now=now)
    rows["token"] = org.Token.objects.get()
    rows["entry"] = records_queries.entries(rows["case"]).latest("pk")
    rows["hold"] = records.place_hold(
        subject=rows["case"], reason=f"{SECRET}诉讼", by=stories.fresh(company.zhou), now=now
    )
    rows["job"] = kit.Job.objects.create(key="failed", name="notify.post", state="failed", due_at=now, attempts=7)
    rows["message"] = notify_actions.tell(
        people=[company.lina], subject=rows["case"], kind="feedback_received", words=f"{SECRET}有消息", now=now
    )[0]
    rows["receiver"] = keeping.add(
        kind="webhook", name="ERP", address="https://erp.example/yinuo", secret="", by=admin, now=now
    )
    rows["delivery"] = messengers.Delivery.objects.create(
        **subjects.columns(rows["case"]), receiver=rows["receiver"], key=uuid.uuid4(), event="cases.case.opened",
        payload={}, state="failed", created_at=now, next_at=now,
    )  # fmt: skip
    rows["mail"] = notify.Mail.objects.create(
        message=rows["message"], to="lina@qinghe.example", language="zh", heading=f"{SECRET}有消息", text=f"{SECRET}",
        header_id="<1@qinghe.example>", state=notify.Mail.State.FAILED, created_at=now, next_at=now,
    )  # fmt: skip


def _handed_over(world: World) -> org.HandOver:
    """What 李娜 has in hand was to go to 王强, and stayed."""
    company, now = world.company, timezone.now()
    zhou = stories.fresh(company.zhou)
    chosen = [
        handing_over.Choice(duty=kind.plug.name, key=duty.key, expected=duty.version, to=company.wang)
        for kind in org_queries.in_hand(company.lina, zhou, now)
        for duty in kind.held.duties
    ]
    row = handing_over.begin(
        person=stories.fresh(company.lina), choices=chosen, reason="转岗", last_on=now.date(), leaves=False, expected=1,
        by=zhou, now=now,
    )  # fmt: skip
    row.rows.update(state=org.HandedOver.State.LEFT, tried_at=now, why=f"{SECRET}不可移交")
    org.HandOver.objects.filter(pk=row.pk).update(finished_at=now)
    return row
