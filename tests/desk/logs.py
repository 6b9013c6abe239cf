"""The logs that are dropped, written for the office of examples/zhengdong-2021."""

import io
import struct
import zipfile
import zlib

# Each issue has a tag: an identity of the office's holds only then, and without it no draft is written.
HEAD = "编号,检查日期,责任单位,问题类别,问题描述,整改方式,整改期限,状态,整改完成日期,标签"

# What must stay text: in a cell, and in the name of a file.
MARKUP = '<img src=x onerror="window.pwned=1">'
MARKED_NAME = "手机<img src=x onerror=window.pwned=1>.csv"

# Four faults, each at its cell: the disposition, the day, the unit, the deadline before the day found.
FAULTY = (
    "\n".join(
        [
            HEAD,
            "DT-001,2021-08-03,贾陈社区,核酸检测,楼道堆放杂物,现场整该,,已整改,2021-08-03,常态督查",
            'DT-002,2021-13-40,贾陈社区,核酸检测,"采样点排队间距不足",限期整改,2021-08-30,整改中,,常态督查',
            "DT-003,2021-08-05,金光路街道办,卡口防控,灭火器压力不足,限期整改,2021-08-25,整改中,,常态督查",
            "DT-004,2021-08-06,清溪路街道办事处,核酸检测,点位未按规定消毒,限期整改,2021-08-01,整改中,,常态督查",
            'DT-005,2021-08-06,柳园街道办事处,健康监测,"登记不全{}",限期整改,2021-08-20,整改中,,常态督查'.format(MARKUP.replace('"', '""')),
        ]
    )
    + "\n"
).encode()

CELLS = [("DT-001", "现场整该", "V102"), ("DT-002", "2021-13-40", "V101"), ("DT-003", "金光路街道办", "V105"), ("DT-004", "2021-08-01", "R201")]

# What each is mended into.
MENDS = {"现场整该": "现场整改", "2021-13-40": "2021-08-04", "金光路街道办": "金光路街道办事处", "2021-08-01": "2021-08-26"}

MENDED = (
    FAULTY.decode().replace("现场整该", "现场整改").replace("2021-13-40", "2021-08-04").replace("金光路街道办,", "金光路街道办事处,").replace("2021-08-01", "2021-08-26").encode()
)



def another(log):
    """The same log of other issues: a project takes no issue in twice."""
    text = log.decode().replace("DT-", "KB-")
    for one, other in [("楼道堆放杂物", "楼顶堆放杂物"), ("采样点排队间距不足", "采样点通道狭窄"), ("灭火器压力不足", "灭火器过期"), ("点位未按规定消毒", "点位消毒记录缺失"), ("登记不全", "体温登记缺项")]:
        text = text.replace(one, other)
    return text.encode()


# One word that the project does not know.
NEW_WORD = (HEAD + "\nXC-001,2021-08-03,云台街道办事处,核酸检测,标识不清,现场整改,,已整改,2021-08-03,常态督查\n").encode()


def large(rows, columns):
    """A long log, of which every hundredth row has a fault."""
    extra = [f"备注{n}" for n in range(columns - 10)]
    lines = [",".join([HEAD, *extra])]
    for row in range(rows):
        way = "现场整该" if row % 100 == 7 else "现场整改"
        lines.append(f"LG-{row:05},2021-08-{row % 28 + 1:02},贾陈社区,核酸检测,第{row}处扶手松动,{way},,已整改,2021-08-{row % 28 + 1:02},常态督查," + ",".join(f"记{row}" for _ in extra))
    return ("\n".join(lines) + "\n").encode()


def workbook(sheet, **parts):
    """A workbook with one sheet, written by hand."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
            '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
            "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="台账" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>' + sheet + "</sheetData></worksheet>",
            **parts,
        }.items():
            archive.writestr(name, text)
    return data.getvalue()


def picture():
    chunk = lambda kind, body: struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


GOOD = workbook('<row r="1"><c r="A1" t="inlineStr"><is><t>编号</t></is></c></row>')

# Of these the ones over which a program that is built without optimisation takes minutes.
SLOW = {"炸弹.xlsx"}

BROKEN = {
    "空的.csv": b"",
    "空的.xlsx": b"",
    "不是压缩包.xlsx": b"this is no archive" * 10,
    "半个.xlsx": GOOD[: len(GOOD) // 2],
    "炸弹.xlsx": workbook('<row r="1"><c r="A1" t="inlineStr"><is><t>' + "A" * 200_000_000 + "</t></is></c></row>"),
    "百万列.csv": b"a," * 1_000_000 + b"\n",
    "图片.xlsx": picture(),
    "图片.png": picture(),
    "乱码.csv": bytes(range(128, 256)) * 40,
    "没有工作表.xlsx": workbook("", **{"xl/workbook.xml": "<workbook/>"}),
    "坏的.docx": b"PK\x03\x04" + b"\xff" * 400,
    "别的.yaml": "- [这不是: {台账\n".encode(),
}
