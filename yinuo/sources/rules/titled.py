"""Documents that a text names by their titles: where a title stands, and what is known of whose it is.

A title in 《》 says more often what a document is about than whose it is. It is a law where it says so or public office
stands before it, the customer's where it speaks to suppliers or the words before it name the buyer; else it is
`TITLED`: named, and nobody has said whose it is.
"""

import re

from yinuo.sources.rules.designations import Kind

TITLE = re.compile(r"《(?P<title>[^《》]{2,60})》")
NUMBERED = re.compile(
    r"\s?[(（]?\s?(?:文件)?(?:编号|文号|代号|No\.?)?\s?[:：]?\s?(?P<n>[A-Z]{1,8}(?:[A-Z0-9]*[-/.][A-Z0-9]+)+)(?![A-Za-z])"
)
OWN_FORM = re.compile(
    r"(?:表|单|卡|票|图|签|记录|清单|台账|台帐|报告|报告书|保证书|任务书|通知|通知书|通知单|申请|申请书|计划|计划书|合格证|证书|说明|履历|标识|海报|周报|月报|目录)$"
)
DOCUMENT = re.compile(
    r"(?:手册|指南|协议|协议书|合同|条款|要求|规范|标准|准则|规定|规则|办法|制度|程序|程序文件|流程|细则|大纲|说明书|须知"
    r"|政策|守则|方案|导则|通则|声明|指令"
    r"|Manual|Handbook|Requirements?|Guidelines?|Specifications?|Agreement|Standards?|Conditions|Terms|Code of Conduct"
    r"|SQM|SOR|CSR)"
    r"(?:\s?[(（].{1,20}[)）])?(?:\s?[A-Z\d.\-]{1,12})?$",
    re.IGNORECASE,
)
ENGLISH = re.compile(
    r"(?<!\w)(?P<quote>[“\"„«])?(?P<title>(?:[A-Z][\w&/-]{0,30}[ \t](?:and[ ]|&[ ])?){1,6}"
    r"(?:of[ ][A-Z]\w+[ ]|for[ ][A-Z]\w+[ ])?"
    r"(?:Manual|Handbook|Guidelines?|Requirements|Agreement|Specification|Terms(?: and Conditions)?|Code of Conduct))"
    r"(?![a-z])(?:[ ]?\([A-Z]{3,6}\))?(?P<close>[”\"“»])?"
)
GERMAN = re.compile(
    r"(?<!\w)(?P<quote>[„“\"»])?(?P<title>(?:[A-ZÄÖÜ][\w/-]{1,30}[ ]){0,2}[A-ZÄÖÜ][\w-]{2,40}"
    r"(?:vereinbarung|handbuch|richtlinie|lastenheft|bedingungen|vorschrift|anweisung))"
    r"(?![a-zäöüß])(?:[ ]?\([A-ZÄÖÜ]{2,6}\))?(?P<close>[“”\"«])?"
)
FILLERS = (
    "The ", "This ", "Our ", "Your ", "These ", "Its ", "See ", "Per ", "In ", "All ", "Any ", "Die ", "Der ", "Das ",
    "Den ", "Unsere ", "Ihre ", "Diese ", "Dieses ", "Gemäß ", "Nach ",
)  # fmt: skip

_LAW = re.compile(r"(?:(?<![办方])法|法典|条例|法律|法规|令)(?:[(（].{0,12}[)）])?$|^中华人民共和国")
_MAY_BE_LAW = re.compile(r"(?:办法|规定|规则|细则)(?:[(（].{0,12}[)）])?$")
_PUBLIC = re.compile(  # what only public office rules
    r"^(?:缺陷|家用汽车产品|道路机动车辆|机动车|强制性产品|新能源汽车|乘用车企业|危险化学品|危险货物|放射性|特种设备|国家|排污"
    r"|电器电子产品|汽车销售|汽车有害物质|民用|海关|进出口|建设项目|工作场所|劳动|安全生产)"
)
_OFFICE = re.compile(
    r"(?:令第?\s?\d+\s?号|国务院|工信部|发改委|质检总局|公安部|商务部|人社部|海关总署|生态环境部|交通运输部|市场监[督管]\w{0,6}"
    r"|工业和信息化部|国家\w{2,10}[局委部])[^。；;]{0,24}$"
)
_TO_SUPPLIERS = re.compile(
    r"供应商|供方|供货|采购|外协|外购|顾客|客户|协议|合同|有限公司|集团|Supplier|Purchas|Customer|Lieferant|Einkauf"
    r"|vereinbarung|Agreement|\bCSR\b|\bSOR\b|\bSQM\b",
    re.IGNORECASE,
)
_FROM_BUYER = re.compile(r"(?:甲方|需方|买方|采购方|主机厂|顾客|客户|\bour\b|\bunser\w*)的?\s?$", re.IGNORECASE)
_TO_BE_MADE = re.compile(r"(?:建立|编制|制定|制订|形成|建有)[^。；;《》]{0,8}$")


def whose(title: str, before: str, *, is_numbered: bool = False) -> Kind:
    """What a document is that is named by this title, with these words before it."""
    if _LAW.search(title) or (_MAY_BE_LAW.search(title) and (_PUBLIC.search(title) or _OFFICE.search(before))):
        return Kind.LAW
    if is_numbered or _FROM_BUYER.search(before):
        return Kind.CUSTOMER
    if _TO_BE_MADE.search(before):
        return Kind.TITLED
    return Kind.CUSTOMER if _TO_SUPPLIERS.search(title) else Kind.TITLED


def is_document(title: str) -> bool:
    """Whether a title in 《》 is that of a document, and not of a form that is filled in."""
    return not OWN_FORM.search(title) and bool(_LAW.search(title) or DOCUMENT.search(title))
