"""Words and characters by which numbers of clauses are told from other numbers, and titles from text."""

import re

WIDE = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: 0x20, 0xA0: 0x20, 0x2007: 0x20, 0x202F: 0x20, 0x9: 0x20}
WIDE |= {
    0x3014: 0x5B,
    0x3015: 0x5D,
    0x3010: 0x5B,
    0x3011: 0x5D,
    0x2024: 0x2E,
    0xFF61: 0x3002,
    0x2002: 0x20,
    0x2003: 0x20,
}

CJK = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
IS_CJK = re.compile(f"[{CJK}]")
SENTENCE_END = "。；;！!？?…"
CLAUSE_END = SENTENCE_END + "：:.)”\"'』」》]"

# What follows a quantity: units, and the counting words of Chinese. A number before them counts or measures.
UNITS = re.compile(
    r"\s?(?:mm|cm|dm|km|µm|μm|nm|kg|mg|kN|Nm|N·m|MPa|kPa|GPa|bar|psi|Hz|kHz|MHz|GHz|kW|mA|mV|kV|mS|ms|min|dB|ppm|ppb|lux"
    r"|inch|Inch|EUR|USD|RMB|Euro|Prozent|percent|million|Mio)(?![A-Za-z\u00c0-\u024f\u0370-\u04ff])"
    r"|\s?(?:[%‰°℃Ω×±~～<>=≤≥/\\^$€¥]|[mgsVAWKLhNJ](?=\s*(?:[^\sA-Za-z\u00c0-\u024f\u0370-\u04ff.)]|$)))"
    r"|\s?(?:毫米|厘米|微米|公斤|千克|摄氏度|小时|分钟|个月|工作日|万元|亿元|元|美元|欧元|件|台套|百分|倍|号令|[日天年月]内|以上|以下|以内|个工作日)"
    r"|(?:个|天|年|月|日|时|分|秒|次|份|页|台|套|批|位|人|家|名|种|类|层|级|点|米|克|吨|度|寸|升|版|期|轮|周|万|亿|千|百|楼|行|列|号)"
)
NOT_COUNTED = re.compile(
    r"(?:人员|人力|人事|名称|名词|分析|分类|分工|分配|分包|分供|分级|分层|时间|日常|级别|类型|类别|种类|批量|批准|批次|件号"
    r"|页码|度量|点检|版本|行为|行政|列表|号码|次品|期限|年度|月度|周期|周转|万向|百分|位置|家具|层压|日期|时效|升级|份额|台账|套筒|个人|个别|个体|天线|天窗|月报|周报|日报|年报|人机|人身|千分|版权|倍率|点火|点焊|分发|分析|分布|元件|元素|米制|度|层别)"
)
UNIT_WORDS = re.compile(
    r"\s(?:hours?|days?|weeks?|months?|years?|minutes?|seconds?|pieces?|pcs|parts? per|times|samples?|working days?"
    r"|calendar days?|business days?|Tage?n?|Wochen?|Monate?n?|Jahre?n?|Stunden?|Stück|Teile"
    r"|of the|of these|and \d|or \d|to \d|bis \d|und \d)\b"
)
# What follows a number that only points to a clause.
POINTING = re.compile(
    r"\s?(?:中(?:规定|所述|所列|描述|要求|提到|提及|的)|所(?:规定|述|列|示)|规定的|要求的|条款?(?:的|规定|所|中|要求|和|及|或|、)|章(?:的|规定|所|中)|节(?:的|规定|所|中)"
    r"|的(?:规定|要求|内容|有关)|之规定|项(?:的|规定|所|中)|款(?:的|规定|所|中)|及其|以及|至第?\s?\d|和第?\s?\d|或第?\s?\d|与第?\s?\d|~\s?\d|～\s?\d|[、,，]\s?\d+\.\d"
    r"|(?:of|and|or|to|through|shall|must|is|are|was|in|for|above|below|applies|apply|und|oder|bis|der|des|sowie|ist|sind|gilt|gelten|genannten?|beschrieben\w*)\s)"
)
POINTING_LAW = re.compile(
    r"\s?(?:(?:定义|描述|规定|给出|列出|说明|介绍|阐述|概述)了|第[一二三四五六七八九十百零〇\d]+[款项条]|规定|所规定|所称|所述|所列|的规定|的要求|之规定|中|至第|和第|或者?第|、第|及第|以及|[,，]?\s?第[一二三四五六七八九十]+[款项]|款|项|的)"
)
# What a line before ends with when it goes on in the next one.
UNFINISHED = re.compile(
    r"(?:[,，、(（\-–—]|\b(?:see|and|or|of|the|in|to|with|by|from|than|per|under|clause|clauses|section|sections|chapter|article|paragraph"
    r"|see also"
    r"|siehe|und|oder|nach|gemäß|gem\.|der|des|von|mit|Abschnitt|Kapitel|Artikel|Ziffer|Nr\.)|见|按|按照|依据|根据|参见|参照|符合|满足|和|及|或|与|在)\s*$",
    re.IGNORECASE,
)
POINTED_TO = re.compile(
    r"(?:见|按|按照|依据|根据|参见|参照|符合|满足|执行|标准|条款|章节|图|表|式|版本|版|see|clauses?|sections?|chapter|article|paragraph|figure|fig\.|table|version"
    r"|rev\.?|annex|siehe|abschnitt|kapitel|bild|tabelle|nr\.|v|[<>=≤≥±~～+\-–—*×/#&@])\s*$",
    re.IGNORECASE,
)
STANDARDS = re.compile(
    r"(?:ISO|IEC|IATF|DIN|EN|GB|GBT|GB/T|GJB|QC|QC/T|JB|JB/T|HG|YS|YB|SAE|ASTM|VDA|CQI|JIS|QS|TS|SJ|AEC|UL|RFC|NFPA|ANSI|IEEE|ECE|FMVSS|CFR|USC|MIL|NIST|SP|BS|AQL|ROHS|ELV"
    r"|Cpk|Ppk|Cp|Pp|PDF|UTF|Q|T|WIN|COVID|MIN|MAX|NO|REV|VER|PAGE|TABLE|FIG|FIGURE|Table|Figure|Fig|Tabelle|Bild|Abb|Page|Rev|Version|Step|Level|Phase|Note|Example|Beispiel"
    r"|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|January|February|March|April|June|July|August|September|October|November|December|Ex)"
)
FIRST_TITLES = re.compile(
    r"\s*(?:目的|范围|适用范围|总则|引言|概述|前言|简介|介绍|背景|宗旨|定义|Scope|Purpose|Introduction|General|Overview|Foreword|Preface|Definitions?"
    r"|Zweck|Geltungsbereich|Anwendungsbereich|Einleitung|Allgemeines)",
    re.IGNORECASE,
)
MODALS = re.compile(
    r"\b(?:shall|must|should|may|will|is|are|has|have|soll|sollen|muss|müssen|darf|dürfen|ist|sind|hat|haben|wird|werden|can|cannot|does|do|provides?|agrees?|means)\b"
    r"|应当|应该|应在|应对|应按|应由|应将|必须|不得|须|需要|可以|负责|不应|不允许|禁止|是指|有权|承担"
)
BACK_MATTER = re.compile(
    r"\s*(?:参\s*考\s*文\s*献|修订(?:记录|历史|履历)|变更(?:记录|历史)|索\s*引"
    r"|references|bibliography|revision history|change history|record of changes"
    r"|literatur(?:verzeichnis)?|änderungshistorie|änderungsverzeichnis)\s*[:：]?\s*",
    re.IGNORECASE,
)
CONTROL = re.compile(  # what a cover says of its document
    r"编号|名称|版号|版本|版次|持有者|发放|受控|修订|审核|批准|编制|页次|生效日期"
    r"|\b(?:document no|doc\. no|title|revision|issued|holder|copy no|prepared|checked|approved|effective)\b",
    re.IGNORECASE,
)
CONTENTS_LINE = re.compile(
    r"(?:\.{4,}|…{2,}|·{4,}|(?:\s\.){4,}|_{4,})\s*\(?[\divxlcIVXLC]{1,5}\)?\s*$|\t\s*\d{1,4}\s*$"
)
CONTENTS_TITLE = re.compile(
    r"\s*(?:目\s*录|目\s*次|内容|contents|table of contents|inhalt|inhaltsverzeichnis)\s*[:：]?\s*", re.IGNORECASE
)
TAIL_PAGE = re.compile(r"[\s.…·_]*\d{1,4}\s*$")


def flat(text: str) -> str:
    """The text with full-width letters, digits and signs as half-width ones, place for place."""
    return text.translate(WIDE)


def squeezed(text: str) -> str:
    """The text without spaces, in one case and one width: what is compared."""
    return "".join(flat(text).split()).casefold()
