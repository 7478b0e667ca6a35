"""The cast of the tests: a small company and its people. Read a test and see who does what.

青禾汽车部件 has two sites: 宁波 (main) and 长春. The people:

    lina     李娜    sales engineer, window to customers; head of sales is zhao
    zhao     赵敏    sales manager (head of sales)
    wang     王强    engineer, competent in materials; head of engineering is chen
    chen     陈刚    engineering manager (head of engineering)
    sun      孙丽    quality engineer; head of quality is zhou
    zhou     周华    quality manager (head of quality), quality system owner
    wu       吴军    production manager (head of production), also acts for purchasing
    gao      高远    general manager
    he       何静    works in 长春 only
    admin    系统管理员 administrator
    auditor  审核员   auditor
    outsider 外人    signed in, no role at all
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from yinuo.org import models

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)  # Monday 09:30 in Shanghai, an ordinary working day
PASSWORD = "lengthy-and-plain-42"


@dataclass
class Company:
    """Everybody and everything by name: `company.lina`, `company.post["sales_manager"]`."""

    people: dict[str, models.Person] = field(default_factory=dict)
    site: dict[str, models.Site] = field(default_factory=dict)
    department: dict[str, models.Department] = field(default_factory=dict)
    post: dict[str, models.Post] = field(default_factory=dict)

    def __getattr__(self, name: str) -> models.Person:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None


DEPARTMENTS = [
    ("management", "管理层", "Management", None),
    ("sales", "销售部", "Sales", None),
    ("engineering", "工程部", "Engineering", None),
    ("quality", "质量部", "Quality", None),
    ("production", "生产部", "Production", None),
    ("purchasing", "采购部", "Purchasing", None),
    ("logistics", "物流部", "Logistics", None),
    ("order_logistics", "订单物流课", "Order logistics section", "logistics"),
]

POSTS = [
    ("general_manager", "总经理", "General manager", "management", True, None),
    ("sales_manager", "销售部经理", "Sales manager", "sales", True, "general_manager"),
    ("sales_engineer", "销售工程师", "Sales engineer", "sales", False, "sales_manager"),
    ("engineering_manager", "工程部经理", "Engineering manager", "engineering", True, "general_manager"),
    ("engineer", "工艺工程师", "Process engineer", "engineering", False, "engineering_manager"),
    ("quality_manager", "质量部经理", "Quality manager", "quality", True, "general_manager"),
    ("quality_engineer", "质量工程师", "Quality engineer", "quality", False, "quality_manager"),
    ("production_manager", "生产部经理", "Production manager", "production", True, "general_manager"),
    ("purchasing_manager", "采购部经理", "Purchasing manager", "purchasing", True, "general_manager"),
    ("logistics_manager", "物流部经理", "Logistics manager", "logistics", True, "general_manager"),
]

PEOPLE = [
    # sign-in, name, number, site, superior, roles, posts held (post, acting)
    ("gao", "高远", "0001", "nb", None, ["manager"], [("general_manager", False)]),
    ("zhao", "赵敏", "0101", "nb", "gao", ["manager", "sales"], [("sales_manager", False)]),
    ("lina", "李娜", "0102", "nb", "zhao", ["sales"], [("sales_engineer", False)]),
    ("chen", "陈刚", "0201", "nb", "gao", ["manager"], [("engineering_manager", False)]),
    ("wang", "王强", "0202", "nb", "chen", ["handler"], [("engineer", False)]),
    ("zhou", "周华", "0301", "nb", "gao", ["quality_manager", "manager"], [("quality_manager", False)]),
    ("sun", "孙丽", "0302", "nb", "zhou", ["handler"], [("quality_engineer", False)]),
    ("wu", "吴军", "0401", "nb", "gao", ["manager"], [("production_manager", False), ("purchasing_manager", True)]),
    ("he", "何静", "0901", "cc", "chen", ["handler"], [("engineer", False)]),
    ("admin", "系统管理员", "9001", "nb", None, ["administrator"], []),
    ("auditor", "审核员", "9002", "nb", None, ["auditor"], []),
    ("outsider", "外人", "9003", "nb", None, [], []),
]


def company() -> Company:
    """Put the company into the database and return it. All hold their posts and roles since 2020."""
    since = date(2020, 1, 1)
    it = Company()
    for code, zh, en in [("nb", "宁波工厂", "Ningbo plant"), ("cc", "长春工厂", "Changchun plant")]:
        it.site[code] = models.Site.objects.create(code=code, name_zh=zh, name_en=en)
    for code, zh, en, parent in DEPARTMENTS:
        it.department[code] = models.Department.objects.create(
            code=code, name_zh=zh, name_en=en, site=it.site["nb"], parent=it.department.get(parent or "")
        )
    for code, zh, en, department, is_head, superior in POSTS:
        it.post[code] = models.Post.objects.create(
            code=code,
            name_zh=zh,
            name_en=en,
            department=it.department[department],
            is_head=is_head,
            superior=it.post.get(superior or ""),
        )
    for sign_in, name, number, site, boss, roles, posts in PEOPLE:
        person = models.Person(
            sign_in=sign_in,
            name=name,
            employee_number=number,
            email=f"{sign_in}@qinghe.example",
            site=it.site[site],
            superior=it.people.get(boss or ""),
        )
        person.set_password(PASSWORD)
        person.save()
        it.people[sign_in] = person
        for role in roles:
            only = it.site["cc"] if site == "cc" else None
            models.RoleGrant.objects.create(person=person, role=role, site=only, from_on=since)
        for post, acting in posts:
            models.Holding.objects.create(post=it.post[post], person=person, from_on=since, is_acting=acting)
    return it
