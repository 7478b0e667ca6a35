"""Every component on one page, full, empty and with long names: for those who build pages (only with YINUO_DEBUG=1)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from yinuo.kit import forms, lists, pages, refusals

LONG = "前保险杠支架总成与左右翼子板连接处盐雾试验时间由 480 h 提高到 720 h 并增加划格附着力要求（示例）"


@dataclass(frozen=True)
class Row:
    """A made-up request, enough for a list."""

    number: str
    title: str
    customer: str
    state: tuple[str, str]
    due: Any
    items: int
    owner: str

    def get_absolute_url(self) -> str:
        return f"#{self.number}"


class Sample(django_forms.Form):
    """One field of each kind."""

    title = forms.Text(label="要求概述", max_length=200, help_text="一句话说清顾客要什么")
    customer = django_forms.ChoiceField(
        label="顾客",
        choices=[("", "—"), ("1", "上汽大众（示例）"), ("2", "比亚迪（示例）"), ("3", "一汽-大众（示例）")],
        widget=django_forms.Select(attrs={"data-search": ""}),
    )
    channel = django_forms.ChoiceField(
        label="来源渠道", choices=[("mail", "邮件"), ("portal", "门户网站"), ("phone", "电话")]
    )
    said_on = django_forms.DateField(label="顾客提出日期", widget=forms.DateInput())
    promised_at = django_forms.DateTimeField(label="承诺答复时间", widget=forms.MomentInput(), required=False)
    amount = django_forms.IntegerField(label="年用量", required=False)
    kind = django_forms.ChoiceField(
        label="要求类别",
        choices=[("t", "技术"), ("q", "质量"), ("d", "交付")],
        widget=django_forms.RadioSelect,
    )
    is_safety = django_forms.BooleanField(
        label="涉及产品安全", required=False, help_text="勾选后优先级为特急，降低须说明理由"
    )
    wording = forms.Text(label="顾客原话", widget=forms.TextArea(), required=False)
    originals = django_forms.FileField(
        label="原始文件",
        required=False,
        widget=django_forms.FileInput(attrs={"data-drop": "", "data-max-bytes": "104857600"}),
    )


def _rows(now: datetime) -> list[Row]:
    states = [
        ("pending", "待受理"),
        ("active", "处理中"),
        ("active", "待顾客答复"),
        ("suspect", "待验证"),
        ("done", "已完成"),
        ("quiet", "已归档"),
        ("late", "逾期"),
        ("safety", "安全"),
    ]
    return [
        Row(
            number=f"CSR-2026-{413 - n:04}",
            title=LONG if n == 2 else "盐雾试验要求提高到 720 h",
            customer=["上汽大众（示例）", "比亚迪（示例）", "一汽-大众（示例）"][n % 3],
            state=states[n % 8],
            due=(
                now + timedelta(hours=[-60, 5, 30, 80, -300, 900, -3, 26][n % 8]),
                n % 8 in (4, 5),
                2 if n == 0 else None,
            ),
            items=n * 7 % 5 + 1,
            owner=["李娜", "王建国", "欧阳慧敏"][n % 3],
        )
        for n in range(24)
    ]


def _page(request: HttpRequest, now: datetime) -> lists.Page:
    columns = [
        lists.Column("number", "编号", lambda row: row.number, kind="link", sort="number"),
        lists.Column("title", "要求", lambda row: row.title),
        lists.Column("customer", "顾客", lambda row: row.customer),
        lists.Column("state", "状态", lambda row: row.state, kind="badge"),
        lists.Column("due", "期限", lambda row: row.due, kind="due", sort="due_at"),
        lists.Column("items", "要求项", lambda row: row.items, kind="number", narrow=False),
        lists.Column("owner", "负责人", lambda row: row.owner, kind="person"),
    ]
    state = lists.Filter("state", "状态", lambda rows, value: rows, kind="choice")
    text = lists.Filter("text", "编号、要求、顾客", lambda rows, value: rows, kind="text")
    since = lists.Filter("since", "登记自", lambda rows, value: rows, kind="day")
    sheet = lists.Sheet(
        name="kit.gallery",
        columns=columns,
        filters=(text, state, since),
        sorts={
            "due": ("期限最近", "due_at", False),
            "new": ("编号倒序", "number", True),
            "old": ("编号顺序", "number", False),
        },
        empty="暂无要求。顾客的要求登记后出现在这里。",
    )
    chosen = {each.key: request.GET.get(each.key, "") for each in sheet.filters}
    rows = [] if chosen["text"] else _rows(now)
    sort = request.GET.get("sort", "due")
    return lists.Page(
        sheet=sheet,
        rows=[(row, [lists.Cell(column, column.value(row)) for column in columns]) for row in rows],
        total=10_000,
        more_than_total=True,
        next_query="after=x",
        query="",
        chosen=chosen,
        sort=sort if sort in sheet.sorts else "due",
        filters=[
            (text, (), chosen["text"]),
            (state, [("open", "处理中"), ("done", "已完成")], chosen["state"]),
            (since, (), chosen["since"]),
        ],
        first="after" not in request.GET,
    )


@pages.page(pages.SIGNED_IN, methods=("GET", "HEAD", "POST"))
def gallery(request: HttpRequest) -> HttpResponseBase:
    """All components; `?say=1` shows notices, a POST shows the form's faults."""
    now = timezone.now()
    if request.GET.get("say"):
        messages.success(request, "已提交。", extra_tags="undo:?undone=1")
        messages.warning(request, "两个附件未上传：文件超过 100 MB。")
    entries = [
        {
            "at": now - timedelta(minutes=12),
            "who": "李娜 10023",
            "words": "修改要求项",
            "changes": [
                {"label": "盐雾试验", "old": "480 h", "new": "720 h"},
                {"label": "负责人", "old": None, "new": "王建国"},
            ],
            "reason": "顾客 11-20 邮件更正",
        },
        {
            "at": now - timedelta(days=3),
            "who": "欧阳慧敏 10077",
            "words": "登记，回执已发出",
            "changes": [],
            "reason": "",
        },
    ]
    context: dict[str, Any] = {
        "page": _page(request, now),
        "sample": Sample(request.POST if request.method == "POST" else None),
        "entries": entries,
        "steps": [
            ("register", "登记", "done"),
            ("receipt", "回执", "done"),
            ("analysis", "分析", "current"),
            ("plan", "方案", "waiting"),
            ("carry", "落实", "waiting"),
            ("answer", "答复顾客", "waiting"),
            ("feedback", "顾客反馈", "skipped"),
            ("archive", "归档", "waiting"),
        ],
        "tabs": [
            ("todo", "待办", 7, "?"),
            ("done", "已办", 0, "?tab=done"),
            ("mine", "我发起的", 2, "?tab=mine"),
        ],
        "groups": ["待受理", "处理中", "已完成", "逾期", "安全", "已归档", "待复核"],
        "moments": [
            now - timedelta(minutes=5),
            now - timedelta(days=1),
            now + timedelta(days=2),
            now - timedelta(days=200),
        ],
        "soon": now + timedelta(hours=20),
        "late": now - timedelta(days=4),
        "hit": "前保险杠 \ue000盐雾试验\ue001 时间 <720 h>",
    }
    return render(request, "kit/gallery.html", context)


@pages.page(pages.SIGNED_IN)
def gallery_panel(request: HttpRequest) -> HttpResponse:
    return render(request, "kit/parts/empty.html", {"icon": "files", "words": "暂无文件"})


@pages.page(pages.SIGNED_IN, methods=("GET", "HEAD", "POST"))
def gallery_refusal(request: HttpRequest) -> HttpResponse:
    raise refusals.Stale()
