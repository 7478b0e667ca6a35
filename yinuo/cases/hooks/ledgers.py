"""Ledgers of requests are taken over from workbooks."""

from django.utils.translation import gettext_lazy as _

from yinuo.cases.intake import columns, ledger
from yinuo.customers.intake import alike
from yinuo.kit import plugs
from yinuo.org import models as org
from yinuo.org.definition import Permission


def names_in(rows: list[ledger.Values], person: org.Person) -> ledger.Named:
    return ledger.Named(rows, person)


plugs.importables.plug(
    "cases.case", ledger.take, zh="要求受理台账", en="Ledger of requests", permission=Permission.CASES_OPEN,
    fields=columns.fields, look=ledger.look, gather=ledger.gather, identity=ledger.identity,
    called=ledger.title_of, names=names_in, take_all=ledger.take_over, together=ledger.is_over,
    options=columns.options, keeps_rest=True, asks=alike.asks, asked_of={"customer": alike.CUSTOMERS},
    means=alike.means, means_not=alike.means_not, icon="inbox", url="cases:cases",
    hint=_(
        "Rows of one number are one case, each with its own requirement. Columns that the program does not know stay "
        "with the case, and its old number is found by the search."
    ),
)  # fmt: skip
