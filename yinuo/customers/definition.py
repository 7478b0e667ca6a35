"""What is known of names of carmakers, so that a spelling can be asked about: nothing here ever decides by itself."""

# Names under which one company goes, however different they look. Those of one group stand in a row of their own.
ONE_COMPANY: tuple[frozenset[str], ...] = tuple(
    frozenset(row.split("|"))
    for row in (
        "上汽大众|上海大众|svw|saicvolkswagen|saicvw|上汽大众汽车",
        "一汽大众|fawvw|fawvolkswagen|一汽大众汽车",
        "大众|大众汽车|大众集团|vw|vwag|volkswagen|大众中国|vgc",
        "大众安徽|vwanhui|大众汽车安徽",
        "stellantis|斯泰兰蒂斯|斯特兰蒂斯|fca|菲亚特克莱斯勒|psa|标致雪铁龙|chrysler|克莱斯勒",
        "通用|通用汽车|gm|generalmotors|sgm|上汽通用|上海通用|saicgm",
        "上汽通用五菱|sgmw|五菱",
        "福特|福特汽车|ford|cfma|长安福特|changanford|jmc|江铃福特",
        "丰田|丰田汽车|toyota|一汽丰田|ftms|广汽丰田|gtmc|tmc",
        "本田|本田技研|honda|东风本田|dhac|广汽本田|gac honda|gaghonda",
        "日产|nissan|东风日产|dfn",
        "宝马|bmw|华晨宝马|bba|bmwbrilliance",
        "奔驰|梅赛德斯奔驰|mercedesbenz|mercedes|daimler|戴姆勒|北京奔驰|bbac",
        "奥迪|audi|奥迪一汽|上汽奥迪",
        "特斯拉|tesla",
        "比亚迪|byd|比亚迪汽车",
        "吉利|geely|吉利汽车|浙江吉利",
        "长城|长城汽车|gwm|greatwall",
        "长安|长安汽车|changan",
        "奇瑞|奇瑞汽车|chery",
        "上汽|上汽集团|saic|上海汽车|上汽乘用车|saicmotor",
        "一汽|一汽集团|faw|中国一汽|第一汽车",
        "东风|东风汽车|dfm|dongfeng|dfmc",
        "广汽|广汽集团|gac|广汽传祺|广汽埃安|aion",
        "蔚来|nio|蔚来汽车",
        "小鹏|xpeng|小鹏汽车|xiaopeng",
        "理想|lixiang|理想汽车|liauto",
        "沃尔沃|volvo|沃尔沃汽车",
        "捷豹路虎|jlr|jaguarlandrover|奇瑞捷豹路虎",
        "现代|hyundai|北京现代|bhmc|现代汽车",
        "起亚|kia|悦达起亚",
        "雷诺|renault",
        "采埃孚|zf",
        "博世|bosch",
        "大陆|continental|大陆集团",
    )
)
# What is said of a company's form, seat or trade, and makes no other company of it.
OF_FORM = (
    "股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "总公司", "分公司", "公司", "集团", "控股", "股份",
    "（中国）", "(中国)", "中国", "coltd", "limited", "ltd", "inc", "corporation", "corp", "company", "gmbh", "kgaa",
    "ag", "sa", "spa", "llc", "group", "holdings", "china",
)  # fmt: skip
# Traditional and Japanese characters that company names are written with.
SIMPLER = str.maketrans(
    "車動業國東風長廠團電機豐馬華爾貝陽廣龍飛發達現奧賓瑪際寶騰凱鐵鋼實裝務聯創億無錫蘇慶漢灣濟寧連眾衆産產株気氣両輛輪環閥製變",
    "车动业国东风长厂团电机丰马华尔贝阳广龙飞发达现奥宾玛际宝腾凯铁钢实装务联创亿无锡苏庆汉湾济宁连众众产产株气气两辆轮环阀制变",
)
