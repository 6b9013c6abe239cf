"""Writes texts.tsv: texts, and what is personal in each. The numbers are made up.

Expectations are written by hand here; where python-stdnum, phonenumbers and id-validator know a form, they are asked too,
and what they say otherwise is printed with the reason in REASONS. Run: pip install python-stdnum==2.1 phonenumbers==9.0.19
id-validator==1.0.20; python tests/personal/texts.py
"""

from pathlib import Path

import phonenumbers
from id_validator import validator
from stdnum import luhn
from stdnum.cn import ric, uscc

ROWS: list[tuple[str, str]] = []


def add(text: str, *found: str) -> None:
    """A text, and what is found in it as KIND=SPELLING."""
    ROWS.append((text, " | ".join(found)))


def wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def card(body: str) -> str:
    return body + ric.calc_check_digit(body)


def bank(body: str) -> str:
    return body + luhn.calc_check_digit(body)


def credit(body: str) -> str:
    return body + uscc.calc_check_digit(body)


# Mobiles.
M = "13800138000"
for spelling in [M, "138 0013 8000", "138-0013-8000", "138.0013.8000", "1380013 8000", "138 00138000", "1380 013 8000",
                 "138－0013－8000", wide(M), wide("138-0013-8000"), "138\u200b0013\u200b8000", "138\u00a00013\u00a08000",
                 "138—0013—8000", "138·0013·8000", "13800 138000", "138 001 38000"]:
    add(f"联系电话{spelling}，请整改", f"mobile={spelling}")
for prefix in ["86", "+86 ", "+86-", "0086", "0086-", "86-", "+86", "（+86）"]:
    found = f"{prefix}{M}".lstrip("+（")
    found = f"86）{M}" if prefix == "（+86）" else found
    add(f"业主手机{prefix}{M}", f"mobile={found}")
for number in ["13912345678", "14712345678", "15012345678", "16612345678", "17712345678", "18812345678", "19912345678"]:
    add(f"反映人{number}要求回复", f"mobile={number}")
add(f"电话{M}转8", f"mobile={M}")
add(f"{M}/13900139000", f"mobile={M}", "mobile=13900139000")
add(f"微信{M}", f"mobile={M}")
add(f"VX{M}", f"mobile={M}")
add(f"Tel:{M}", f"mobile={M}")
add(f"手机{M}、13900139000", f"mobile={M}", "mobile=13900139000")
add(f"1.{M}未接", f"mobile={M}")
add(f"2021-08-03 {M} 来电", f"mobile={M}")
add(f"拨打{M}号无人接听", f"mobile={M}")
for text in ["编号12345678901", "单号138001380001", f"第{M}号", f"{M}元", f"{M}.50元", f"金额¥{M}", f"{M}万元", "12800138000",
             f"SN{M}", f"设备编号{M}A", f"出厂编号{M}", f"订单{M}", "2021年8月3日至8月5日", "2021-08-03 08:00", "π≈3.14159265358",
             "1380013800", "见附件1 380 页", "0.13800138000", f"{M}kg", "共138 处、0013 号、8000 元", "8月3日 13 时 80 件"]:
    add(text)

# Landlines.
for spelling in ["0371-66667777", "037166667777", "0371 66667777", "0371－66667777", wide("0371-66667777"), "010-66667777",
                 "021-6666 7777", "0371-6666-7777"]:
    add(f"办公室{spelling}无人接听", f"telephone={spelling}")
add("电话（0371）66667777", "telephone=0371）66667777")
add("电话(0371)66667777", "telephone=0371)66667777")
add("电话+86 371 66667777", "telephone=86 371 66667777")
add("电话66667777", "telephone=66667777")
add("座机：6666-7777", "telephone=6666-7777")
add("固话 6666777", "telephone=6666777")
add("传真0371-66667778", "telephone=0371-66667778")
add("call +1 202 555 0123", "telephone=1 202 555 0123")
add("香港电话+852 9123 4567", "telephone=852 9123 4567")
for text in ["拨打12345热线", "客服400-123-4567", "拨打12315、96119", "发文0371-2021-0813", "66667777", "面积66667777平方米", "邮编450000",
             "电话20210803登记", "距地面0.37米", "电话亭3处", "0371号文件", "电话机66部"]:
    add(text)

# Identity cards.
C = "11010519491231002X"
for spelling in [C, C.lower(), "110105 19491231 002X", "110105-19491231-002X", wide(C), "1101 0519 4912 3100 2X",
                 "110105\u200b19491231002X"]:
    add(f"身份证{spelling}", f"id_card={spelling}")
    add(f"持证人{spelling}未到场", f"id_card={spelling}")
WRONG = "410105199003072219"
add(f"张某{WRONG}登记有误", f"id_card={WRONG}")
# With the word before it, a wrong check digit and a child are no doubt.
add("身份证号410105201903072213", "id_card=410105201903072213")
for body in ["41010519900307221", "31010119850615123", "44030120000229001", "65010119771111111", "54010219660101001"]:
    add(f"经办人{card(body)}", f"id_card={card(body)}")
add("老身份证410105900307221", "id_card=410105900307221")
add("持410105900307221登记", "id_card=410105900307221")
for body in ["81000019900307221", "82000019900307221", "83000019900307221"]:
    full = card(body)
    add(f"居住证{full}", f"id_card={full}")
FOREIGN = card("91112419810803001")
add(f"外国人居留证{FOREIGN}", f"id_card={FOREIGN}")
add("永久居留证CAN110012345678", "id_card=CAN110012345678")
add("香港居民A123456(3)", "id_card=A123456(3)")
add("香港身份证 A123456（3）", "id_card=A123456（3）")
add("澳门居民1234567(8)", "id_card=1234567(8)")
add("台湾居民A123456789", "id_card=A123456789")
add("台湾身份证A123456780", "id_card=A123456780")
add("来往内地通行证H1234567800", "passport=H1234567800")
add("回乡证M12345678", "passport=M12345678")
add("台胞证12345678", "passport=12345678")
add("护照E12345678", "passport=E12345678")
add("护照号EA1234567", "passport=EA1234567")
add("护照：G12345678", "passport=G12345678")
add("passport no. C912345678", "passport=C912345678")
for text in [f"统一社会信用代码{credit('91410105MA40ABCD1')}", f"信用代码{credit('11410105005252525')}", f"代码{credit('91110108551385082')}",
             "案号（2021）豫0105民初13800号", "（2021）豫01行终1234号", "许可证编号JY14101050012345", "SN：E12345678", "型号A123456789",
             "设备编号EA1234567", "注册号410105001012761", "事项编码410105202108130012", "营业执照410105600128123",
             "合同编号410105201508131234", "410105199013322219", "990105199003072219", "41010519900307", "IMEI860123456789012",
             "编号41010519901307221", "批号202108030001", "条形码6901234567892", "灭火器编号XF-2021-0803", "GB 5749-2006、GB/T 9704-2012"]:
    add(text)

# Bank cards.
for body in ["622202100112345678", "622848001012345678", "456351001234567", "525998001234567", "95588010012345678"]:
    full = bank(body)
    add(f"退款至{full}", f"bank_card={full}")
    add(f"银行卡号 {full[:4]} {full[4:8]} {full[8:12]} {full[12:]}", f"bank_card={full[:4]} {full[4:8]} {full[8:12]} {full[12:]}")
add(f"卡号{wide(bank('622202100112345678'))}", f"bank_card={wide(bank('622202100112345678'))}")
CARD = bank("622202100112345678")
for text in [f"流水号{CARD}", CARD[:-1] + str((int(CARD[-1]) + 1) % 10), f"订单编号{bank('456351001234567')}", "1234567890123456",
             "运单622202100112345679"]:
    add(text)

# Plates.
for plate in ["豫A12345", "豫A·12345", "豫A 12345", "豫AD12345", "京A·F1234", "豫a12345", "沪A1234学", "粤Z1234港", "豫" + wide("A12345")]:
    add(f"{plate}占用消防通道", f"plate={plate}")
add("豫A12345、豫B67890停放", "plate=豫A12345", "plate=豫B67890")
for text in ["豫A区", "豫A0105民初1号", "新A栋12345号房", "豫ABCDEFG", "津B1-2-301", "冀ICP备12345678号", "苏B2-20130048"]:
    add(text)

# E-mail.
for mail in ["zhang@example.org", "Zhang.San+1@mail.example.com.cn", "zhang_san@163.com"]:
    add(f"发至{mail}。", f"email={mail}")
add("邮箱zhang＠example．org", "email=zhang＠example．org")
for text in ["单价@5元", "见 @所有人", "email 未填"]:
    add(text)

# Where somebody lives; and where something was found.
for text, place in [("家住花园路1号院2号楼3单元401室，反映", "花园路1号院2号楼3单元401室"),
                    ("住址：金水区花园路1号院", "金水区花园路1号院"), ("现住柳林镇沙门村三组", "柳林镇沙门村三组"),
                    ("居住在3号楼2单元的住户", "3号楼2单元的住户"), ("家庭住址为中牟县官渡镇", "中牟县官渡镇"),
                    ("户籍地址 惠济区江山路12号", "惠济区江山路12号"), ("家住花园路社区，", "花园路社区"),
                    ("租住于航海路8号", "航海路8号")]:
    add(text, f"dwelling={place}")
add("The tenant lives at 12 Oak Road, flat 3", "dwelling=12 Oak Road")
add("the cat lives at 21; the count is 21")
for text in ["花园路1号院2号楼3单元楼道堆放杂物", "点位：金水区花园路1号", "居住环境差", "住宅楼3号楼外墙脱落", "单位住所地金水区花园路1号", "住户12户未走访",
             "常住人口120人", "住在该小区的群众反映", "入住率80%", "住院部3楼通道上锁", "地址：花园路1号商铺", "现住建部门已介入"]:
    add(text)

# Several at once, and nothing at all.
add(f"张某，{C}，{M}，豫A12345", f"id_card={C}", f"mobile={M}", "plate=豫A12345")
add(f"家住花园路1号院3号楼，电话{M}", "dwelling=花园路1号院3号楼", f"mobile={M}")
for text in ["灭火器过期", "", "共检查12处，发现问题33个，现场整改17个", "压力1.2MPa，温度25.5℃", "第15期", "2021年第3季度", "8:30-11:30", "A座3楼",
             "编号WT-001至WT-033", "（豫政办〔2021〕12号）", "占地12345678平方米", "投资1.38亿元", "标准GB50016-2014", "Φ108×4.5"]:
    add(text)

# What the references say otherwise, and why this table does not follow.
REASONS = {
    "phonenumbers": "finds numbers without a person: service numbers (400), parts of codes; and no number with dots in its middle (·), "
                    "in wide letters joined by em dashes, or without an area code",
    "id-validator, python-stdnum": "refuse a card with a wrong check digit, and regions that are no more; a mistyped card is somebody's",
}


def main() -> None:
    lines = ["# text, and what is personal in it: KIND=SPELLING; made by texts.py"]
    lines += [f"{text}\t{found}" for text, found in ROWS]
    assert len(ROWS) >= 200, len(ROWS)
    assert len({text for text, _ in ROWS}) == len(ROWS), [t for t in {x for x, _ in ROWS} if [x for x, _ in ROWS].count(t) > 1]
    Path(__file__).with_name("texts.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    differ = 0
    for text, found in ROWS:
        ours = any(part.startswith(("mobile", "telephone")) for part in found.split(" | "))
        theirs = any(True for _ in phonenumbers.PhoneNumberMatcher(text, "CN"))
        if ours != theirs:
            differ += 1
            print(f"phonenumbers {'finds one' if theirs else 'finds none'}: {text}")
        for part in found.split(" | "):
            kind, _, spelling = part.partition("=")
            digits = "".join(c for c in spelling.translate({0xFF10 + n: str(n) for n in range(10)}) if c.isalnum()).upper()
            if kind == "id_card" and len(digits) == 18 and not (ric.is_valid(digits) and validator.is_valid(digits)):
                differ += 1
                print(f"python-stdnum {ric.is_valid(digits)}, id-validator {validator.is_valid(digits)}: {spelling}")
            if kind == "bank_card":
                assert luhn.is_valid("".join(c for c in digits if c.isdigit())), spelling
    print(f"{len(ROWS)} texts; the references differ in {differ}:", *REASONS.items(), sep="\n")


main()
