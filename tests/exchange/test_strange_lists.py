"""Lists that nobody has seen before, as offices write them, each kind several times; what is right is written by hand.

A row's right is `new`, `error` or `not_ours`, or what must be taken from it; of several in a tuple each is right, where a
careful clerk could take the row one way or ask.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from zjtx_desktop.domain.titles import Kind, Level, Titles
from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.headings import Field, meaning
from zjtx_desktop.exchange.list_around import Answers
from zjtx_desktop.exchange.lists import ListDefaults, ListRow, parse_list
from zjtx_desktop.exchange.statements import said_in
from zjtx_desktop.exchange.table import Merge, Row, Table, column_letter, column_number
from zjtx_desktop.values import CreditCode, Division, DocumentNumber

TODAY = date(2026, 6, 1)
Y = "玉山县"
HEAD = ("序号", "企业名称", "统一社会信用代码", "县（市、区）")
N2 = ["序号", "企业名称", "县区"]
ONE = ["企业名称"]
PAPER = ("--document", "关于公布名单的通知", "--number", "赣工信企业字〔2024〕18号", "--date", "2024-06-03")
NOKIND = ("--title", "srdi_sme", "--level", "省级", *PAPER)
SRDI = ("--title", "srdi_sme", "--level", "省级", "--type", "新认定")
WHOLE = (*SRDI, *PAPER)
GIANT = ("--title", "little_giant", "--level", "国家级")
CHAMP = ("--title", "single_champion", "--level", "省级", "--type", "新认定", *PAPER)
PLAT = ("--title", "service_platform", "--level", "省级", "--type", "新认定", *PAPER)
BASE = ("--title", "startup_base", "--level", "省级", "--type", "新认定", *PAPER)
MERGED = ("--level", "国家级", "--type", "新认定", "--document", "关于公布2025年度国家中小企业公共服务示范平台（基地）名单的通告", "--date", "2026-03-03")
R = {"kind": "复核"}
EA = ("error", R)
PUB = ("error", {"publicity_only": True})
D = {"document_date": "2024-06-03"}
V = {"valid_from": "2024-06-03", "valid_to": "2027-06-02"}
NN = ("new", "new", "new", "new")
P_ = {"title": "江西省专精特新中小企业", "level": "省级"}
G_ = {"title": "国家级专精特新“小巨人”企业", "level": "国家级"}
S_ = {"title": "江西省制造业单项冠军企业"}
X_ = {"title": "江西省专业化小巨人企业"}
LETTERS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳"


@dataclass(frozen=True)
class L:
    """One list: its rows, what is right for each name, the command's words, merged areas, what must be said."""

    id: str
    rows: Sequence[Sequence[Any]]
    right: Mapping[str, Any]
    words: Sequence[str] = WHOLE
    merges: Sequence[str] = ()
    said: Sequence[str] = ()
    sheet: str = "Sheet1"


def F(letter: str) -> str:
    return f"江西示例{letter}科技有限公司"


def code(number: int) -> str:
    body = f"91361123MA{number:07d}"
    return body + CreditCode(body + "0").expected_check


def C(letter: str) -> str:
    return code(ord(letter) - 0x4E00)


def T_(letter: str) -> dict[str, str]:
    return {"credit_code": C(letter)}


def r(number: int, letter: str, *more: Any, y: str = Y) -> list[Any]:
    return [number, F(letter), C(letter), y, *more]


def names(*some: str) -> list[list[Any]]:
    return [N2, *[[number, name, Y] for number, name in enumerate(some, start=1)]]


def all_of(right: Any, *some: str) -> dict[str, Any]:
    return dict.fromkeys(some, right)


def each(right: Sequence[Any], count: int) -> dict[str, Any]:
    return {F(x): w for x, w in zip(LETTERS[:count], right, strict=False)}


def foot(title: str, rows: Sequence[Sequence[Any]], head: Sequence[str] = N2) -> L:
    body = [[1, F("甲"), Y], [2, F("乙"), Y]] if head is N2 else [[F("甲")], [F("乙")]]
    return L(f"K6 {title}", [head, *body, *rows], all_of("new", F("甲"), F("乙")), WHOLE if head is N2 else (*WHOLE, "--division", Y))


def dates(*values: Any) -> list[list[Any]]:
    return [["企业名称", "统一社会信用代码", "认定日期"], *[[F(x), C(x), v] for x, v in zip(LETTERS, values, strict=False)]]


def valid(*values: str) -> list[list[Any]]:
    return [["企业名称", "统一社会信用代码", "县区", "有效期"], *[[F(x), C(x), Y, v] for x, v in zip(LETTERS, values, strict=False)]]


def dright(*right: Any) -> dict[str, Any]:
    return each(right, len(right))


def column(title: str, label: str, values: Sequence[Any], right: Sequence[Any], words: Sequence[str]) -> L:
    rows = [r(number, x, v) for number, (x, v) in enumerate(zip(LETTERS, values, strict=False), start=1)]
    return L(f"{title} {label} {values[0]}", [[*HEAD, label], *rows], each(right, len(values)), words)


def typ(label: str, *values: str, right: Sequence[Any], words: Sequence[str] = WHOLE) -> L:
    return column("K9", label, values, right, words)


def tt(title: str, *values: str, right: Sequence[Any]) -> L:
    return column(f"title {title}", "认定称号", values, right, ("--type", "新认定", *PAPER))


def cc(title: str, *values: Any, right: Sequence[Any], words: Sequence[str] = WHOLE) -> L:
    rows = [[number, F(x), v, Y] for number, (x, v) in enumerate(zip(LETTERS, values, strict=False), start=1)]
    return L(f"code {title}", [HEAD, *rows], each(right, len(values)), words)


def fh(title: str, headline: str, right: Any, words: Sequence[str] = ("--from-heading", *PAPER), said: Sequence[str] = (), sheet: str = "Sheet1") -> L:
    return L(f"heading {title}", [[headline], HEAD, r(1, "甲")], {F("甲"): right}, words, said=said, sheet=sheet)


FULL = str.maketrans("0123456789ABCDEFGHJKLMNPQRTUWXY", "０１２３４５６７８９ＡＢＣＤＥＦＧＨＪＫＬＭＮＰＱＲＴＵＷＸＹ")

K1 = [
 L("K1 review results in sections", [["2024年度江西省专精特新中小企业复核结果"], ["一、通过复核企业名单"], HEAD, r(1,"甲"), ["二、未通过复核企业名单"], HEAD, r(2,"乙"), ["三、未提交复核申请企业名单"], HEAD, r(3,"丙")],
   {F("甲"): EA, F("乙"): "error", F("丙"): "error"}, NOKIND),
 L("K1 same but new given", [["2024年度江西省专精特新中小企业复核通过名单"], HEAD, r(1,"甲")], {F("甲"): "error"}, WHOLE),
 L("K1 state column", [[*HEAD, "资格状态"], r(1,"甲","有效"), r(2,"乙","已撤销"), r(3,"丙","自动失效"), r(4,"丁","取消资格")], {F("甲"): "new", F("乙"): "error", F("丙"): "error", F("丁"): "error"}),
 L("K1 other words of an end", [[*HEAD, "备注"], r(1,"甲","已摘牌"), r(2,"乙","收回称号"), r(3,"丙","不再保留称号"), r(4,"丁","自愿放弃"), r(5,"戊","证书作废"), r(6,"己","不再享受政策"), r(7,"庚", "排名第一")],
   {**{F(x): "error" for x in "甲乙丙丁戊己"}, F("庚"): "new"}),
 *[L(f"K1 remark to be looked at: {word}", [[*HEAD, "备注"], r(1,"甲",word)], {F("甲"): "new"}, said=[f"备注写有“{found}”"])
   for word, found in {"该企业已迁往浙江":"迁往","已迁至衢州市":"迁至","厂区搬迁中":"搬迁","整改":"整改","整改后合格":"整改","被取代":"被取代","已被替换":"被替换"}.items()],
 L("K1 withdrawn", [[*HEAD, "备注"], r(1,"甲","撤回申请"), r(2,"乙","企业自行撤回"), r(3,"丙","异议已撤回"), r(4,"丁","产品可替代进口")], {F("甲"): "error", F("乙"): "error", F("丙"): "new", F("丁"): "new"}),
 L("K1 objections column of yes/no", [[*HEAD, "公示期间异议"], r(1,"甲","无"), r(2,"乙","有"), r(3,"丙","/")], {F("甲"): "new", F("乙"): "error", F("丙"): "new"}),
 L("K1 whether revoked", [[*HEAD, "是否撤销"], r(1,"甲","否"), r(2,"乙","是")], {F("甲"): "new", F("乙"): "error"}),
 L("K1 did pass review", [[*HEAD, "是否通过复核"], r(1,"甲","是"), r(2,"乙","否")], {F("甲"): EA, F("乙"): "error"}, NOKIND),
 L("K1 kind: first applied / review", [[*HEAD, "申报类别"], r(1,"甲","首次申报"), r(2,"乙","复核申报")], {F("甲"): (PUB[0], PUB[1], {"kind": "新认定"}), F("乙"): EA}, NOKIND),
 L("K1 no objections in headline", [["江西省专精特新中小企业名单（公示无异议）"], HEAD, r(1,"甲")], {F("甲"): {"publicity_only": False}}),
 L("K1 after publication", [["经公示，2024年江西省专精特新中小企业认定名单"], HEAD, r(1,"甲")], {F("甲"): {"publicity_only": False}}),
 L("K1 expired unreviewed", [["2021年度专精特新中小企业有效期届满未申请复核企业名单"], HEAD, r(1,"甲")], {F("甲"): "error"}),
 L("K1 expired", [["江西省专精特新中小企业有效期已满企业名单"], HEAD, r(1,"甲")], {F("甲"): "error"}, NOKIND),
 L("K1 nominees", [["上饶市2024年专精特新中小企业候选名单"], HEAD, r(1,"甲")], {F("甲"): PUB}),
 L("K1 declared", [["玉山县申报2024年度省级专精特新中小企业情况一览表"], HEAD, r(1,"甲")], {F("甲"): PUB}),
 L("K1 reserve", [["上饶市专精特新中小企业培育库入库名单"], HEAD, r(1,"甲")], {F("甲"): "error"}),
 L("K1 review name heading", [["序号", "通过复核企业名称", "县区"], [1, F("甲"), Y]], {F("甲"): EA}, NOKIND),
 L("K1 review name heading, new given", [["序号", "复核通过企业名称", "县区"], [1, F("甲"), Y]], {F("甲"): "error"}),
 L("K1 batch column says review", [[*HEAD, "批次"], r(1,"甲","第三批（复核）"), r(2,"乙","第六批")], {F("甲"): EA, F("乙"): "new"}, NOKIND),
 L("K1 remark tells story of review", [[*HEAD, "备注"], r(1,"甲","2021年首次认定，2024年复核通过"), r(2,"乙","第三批到期复核"), r(3,"丙", "再次申报")], {F("甲"): EA, F("乙"): EA, F("丙"): ("error","new")}, NOKIND),
 L("K1 remark about renaming", [[*HEAD, "备注"], r(1,"甲","原名江西老名科技有限公司"), r(2,"乙","已更名")], {F("甲"): "new", F("乙"): "new"}, said=["原名"]),
 L("K1 result: pending", [[*HEAD, "评审结论"], r(1,"甲","建议认定"), r(2,"乙","建议不予认定"), r(3,"丙","待定"), r(4,"丁","补充材料")], {F("甲"): "new", F("乙"): "error", F("丙"): "error", F("丁"): "error"}),
 L("K1 scores are no results", [[*HEAD, "评审得分", "排名"], r(1,"甲",88.5,1), r(2,"乙",79,2)], {F("甲"): "new", F("乙"): "new"}),
 L("K1 city opinion 同意推荐 is a recommendation", [["2024年专精特新中小企业推荐汇总表"], [*HEAD, "市级推荐意见"], r(1,"甲","同意推荐")], {F("甲"): PUB}),
 L("K1 words in firms names", [["序号","企业名称","县区","地址"], [1,"江西公示科技有限公司",Y,"玉山县复审路1号"],[2,"上饶市推荐者食品有限公司",Y,"玉山县取消巷"],[3,"江西培育种业有限公司",Y,None],[4,"江西示例暂停键电子有限公司",Y,None],[5,"江西更名示例机械厂",Y,None],[6,"上饶示例退出通道门业有限公司",Y,None],[7,"江西示例申报通财税咨询有限公司",Y,None]],
   {"江西公示科技有限公司":{"publicity_only":False},"上饶市推荐者食品有限公司":{"publicity_only":False},"江西培育种业有限公司":"new","江西示例暂停键电子有限公司":"new","江西更名示例机械厂":"new","上饶示例退出通道门业有限公司":"new","江西示例申报通财税咨询有限公司":{"publicity_only":False}}),
 L("K1 firms named like places and feet", [["企业名称","县区"], ["玉山县示例合计电子有限公司",Y],["上饶来源示例科技有限公司",Y],["上饶示例联系人文化传媒有限公司",Y],["江西备注示例文具有限公司",Y],["铅山示例根据地旅游有限公司","铅山县"],["以上示例实业有限公司",Y],["经纬示例测绘有限公司",Y],["各美示例食品有限公司",Y],["江西示例数据来源科技有限公司",Y],["其中堂示例药业有限公司",Y],["单位圆示例科技有限公司",Y]],
   {n: "new" for n in ["玉山县示例合计电子有限公司","上饶来源示例科技有限公司","上饶示例联系人文化传媒有限公司","江西备注示例文具有限公司","铅山示例根据地旅游有限公司","以上示例实业有限公司","经纬示例测绘有限公司","各美示例食品有限公司","江西示例数据来源科技有限公司","其中堂示例药业有限公司","单位圆示例科技有限公司"]}),
 L("K1 innocent firms alone in their rows", [["企业名称"], ["江西示例复核科技有限公司"],["江西公示科技有限公司"],["玉山县取消示例厂"],["注：示例如下"],["铅山县示例培育合作社"],["上饶创新型示例企业管理有限公司"]],
   {"江西示例复核科技有限公司":"new","江西公示科技有限公司":"new","玉山县取消示例厂":"new","铅山县示例培育合作社":"new","上饶创新型示例企业管理有限公司":"new"}, (*WHOLE,"--division",Y)),
]

K2 = [
 L("K2 title by sections", [HEAD, ["一、国家级专精特新“小巨人”企业（1家）"], r(1,"甲"), ["二、省级专精特新中小企业（1家）"], r(1,"乙")], {F("甲"): ({"title": "国家级专精特新“小巨人”企业"},"error"), F("乙"): {"title": "江西省专精特新中小企业"}}),
 L("K2 parts", [["第一部分：新认定企业"], HEAD, r(1,"甲"), ["第二部分：复核通过企业"], HEAD, r(1,"乙")], {F("甲"): {"kind":"新认定"}, F("乙"): R}, NOKIND),
 L("K2 other honours", [HEAD, ["一、专精特新中小企业"], r(1,"甲"), ["二、绿色工厂"], r(2,"乙"), ["三、瞪羚企业"], r(3,"丙"), ["四、高新技术企业"], r(4,"丁"), ["五、服务型制造示范企业"], r(5,"戊"), ["六、省级企业技术中心"], r(6,"己")],
   {F("甲"): "new", **{F(x): "error" for x in "乙丙丁戊己"}}),
 L("K2 champion cultivation in column", [[*HEAD, "类别"], r(1,"甲","示范企业"), r(2,"乙","培育企业"), r(3,"丙","单项冠军产品")], {F("甲"): ("new","error"), F("乙"): "error", F("丙"): ("new", "error")}, CHAMP),
 L("K2 champion full words in column", [[*HEAD, "类别"], r(1,"甲","单项冠军示范企业"), r(2,"乙","单项冠军培育企业"), r(3,"丙","单项冠军产品")], {F("甲"): "new", F("乙"): "error", F("丙"): "new"}, CHAMP),
 L("K2 sections in the middle", [HEAD, [None,"（一）认定企业",None,None], r(1,"甲"), [None,"（二）不予认定企业",None,None], r(2,"乙"), [None, "（三）退出企业"], r(3,"丙")], {F("甲"): "new", F("乙"): "error", F("丙"): "error"}),
 L("K2 innovative under", [["附件1：专精特新中小企业名单"], HEAD, r(1,"甲"), ["附件2：创新型中小企业名单"], HEAD, r(1,"乙")], {F("甲"): "new", F("乙"): "error"}),
 L("K2 seeds", [HEAD, ["省级专精特新中小企业"], r(1,"甲"), ["市级专精特新中小企业"], r(2,"乙")], {F("甲"): "new", F("乙"): "error"}),
 L("K2 city level only in headline", [["上饶市市级专精特新中小企业名单"], HEAD, r(1,"甲")], {F("甲"): "error"}),
 L("K2 county headings are fine", [["序号","企业名称","信用代码"], ["一、玉山县"], [1,F("甲"),code(1)], ["二、德兴市"], [2,F("乙"),code(2)], ["三、上饶经开区"], [3,F("丙"),code(3)]], {F("甲"): {"division":"361123"}, F("乙"): {"division":"361181"}, F("丙"): {"division":"361191"}}),
 L("K2 industries as headings", [HEAD, ["一、机械行业"], r(1,"甲"), ["二、光伏新能源"], r(2,"乙")], {F("甲"): "new", F("乙"): "new"}),
 L("K2 recommended beneath recognised", [HEAD, ["一、认定名单"], r(1,"甲"), ["二、拟推荐国家级名单"], r(2,"乙")], {F("甲"): {"publicity_only": False}, F("乙"): PUB}),
 L("K2 review under a given new", [HEAD, ["新认定企业"], r(1,"甲"), ["有效期延续企业"], r(2,"乙")], {F("甲"): {"kind":"新认定"}, F("乙"): R}),
 L("K2 platform / base sections", [["2024年度中小企业公共服务示范平台和小型微型企业创业创新示范基地名单"], ["序号","名称","运营单位","县区"], ["一、中小企业公共服务示范平台"], [1,"玉山示例服务平台",F("甲"),Y], ["二、小型微型企业创业创新示范基地"], [1,"玉山示例创业园",F("乙"),Y]],
   {"玉山示例服务平台": {"title":"江西省中小企业公共服务示范平台","operator":F("甲")}, "玉山示例创业园": {"title":"江西省小型微型企业创业创新示范基地","operator":F("乙")}}, ("--level","省级","--type","新认定","--from-heading",*PAPER)),
]

K3 = [
 L("K3 level", [["国家级制造业单项冠军企业名单（第八批）"], HEAD, r(1,"甲")], {F("甲"): "error"}, CHAMP, said=["国家级"]),
 L("K3 title", [["江西省制造业单项冠军企业名单"], HEAD, r(1,"甲")], {F("甲"): "error"}, said=["单项冠军"]),
 L("K3 given year", [["2022年江西省专精特新中小企业名单"], HEAD, r(1,"甲")], {F("甲"): "error"}, (*WHOLE,"--label-year","2024"), said=["2022"]),
 L("K3 chinese year", [["二〇二一年江西省专精特新中小企业名单"], HEAD, r(1,"甲")], {F("甲"): "error"}, said=["2021"]),
 L("K3 batch", [["江西省专精特新中小企业（第五批）名单"], HEAD, r(1,"甲")], {F("甲"): "error"}, (*WHOLE,"--batch","第六批"), said=["第五批"]),
 L("K3 county", [["德兴市2024年省级专精特新中小企业名单"], ["序号","企业名称"], [1,F("甲")]], {F("甲"): "error"}, (*WHOLE,"--division",Y), said=["德兴市"]),
 L("K3 other province", [["浙江省专精特新中小企业名单"], ["序号","企业名称"], [1,F("甲")]], {F("甲"): "error"}, (*WHOLE,"--division",Y), said=["浙江省"]),
 L("K3 other province without division", [["浙江省专精特新中小企业名单"], ["序号","企业名称"], [1,F("甲")]], {F("甲"): ("error","not_ours")}),
 L("K3 other city", [["鹰潭市2024年专精特新中小企业名单"], ["序号","企业名称"], [1,F("甲")]], {F("甲"): ("error","not_ours")}),
 L("K3 kind", [["专精特新中小企业新认定名单"], HEAD, r(1,"甲")], {F("甲"): "error"}, ("--title","srdi_sme","--level","省级","--type","复核",*PAPER), said=["新认定"]),
 L("K3 review and given review", [["江西省专精特新中小企业复核通过名单"], HEAD, r(1,"甲")], {F("甲"): R}, ("--title","srdi_sme","--level","省级","--type","复核",*PAPER)),
 L("K3 row's own title against the given", [[*HEAD,"称号"], r(1,"甲","省级专精特新中小企业"), r(2,"乙","国家级专精特新“小巨人”企业")], {F("甲"): "new", F("乙"): ({"title":"国家级专精特新“小巨人”企业"},"error")}),
 L("K3 two headlines", [["江西省工业和信息化厅关于公布2024年专精特新中小企业名单的通知"], ["赣工信企业字〔2024〕18号"], ["附件：2024年江西省专精特新中小企业名单（2家）"], HEAD, r(1,"甲"), r(2,"乙")], {F("甲"): "new", F("乙"): "new"}),
]

K4 = [
 L("K4 unknown place", [["序号","企业名称","归口"], [1,F("甲"),Y],[2,F("乙"),"铅山县"],[3,F("丙"),"德兴市"]], {F("甲"): {"division":"361123"},F("乙"):{"division":"361124"},F("丙"):{"division":"361181"}}),
 L("K4 unknown place against given", [["序号","企业名称","片区"], [1,F("甲"),Y],[2,F("乙"),"铅山县"]], {F("甲"): "new",F("乙"):{"division":"361124"}}, (*WHOLE,"--division",Y)),
 L("K4 codes under USCI", [["序号","企业名称","USCI","县区"], [1,F("甲"),code(1),Y],[2,F("乙"),code(2),Y]], {F("甲"): {"credit_code":code(1)},F("乙"):{"credit_code":code(2)}}),
 L("K4 codes under 登记号", [["序号","企业名称","登记号","县区"], [1,F("甲"),code(1),Y],[2,F("乙"),code(2).lower(),Y]], {F("甲"): {"credit_code":code(1)},F("乙"):{"credit_code":code(2)}}),
 L("K4 parks", [["序号","企业名称","产业平台"], [1,F("甲"),"玉山高新区"],[2,F("乙"),"铅山工业园区"],[3,F("丙"),"上饶经济技术开发区"]], {F("甲"): {"division":"361123"},F("乙"):{"division":"361124"},F("丙"):{"division":"361191"}}),
 L("K4 province+city", [["序号","企业名称","省别","市别"], [1,F("甲"),"江西省","上饶市"],[2,F("乙"),"江西省","南昌市"],[3,F("丙"),"湖南省","长沙市"]], {F("甲"): "new",F("乙"):"not_ours",F("丙"):"not_ours"}),
 L("K4 ministry recommender", [["序号","推荐单位","企业名称"], [1,"江西省工业和信息化厅",F("甲")],[2,"宁波市经济和信息化局",F("乙")],[3,"湖北省经济和信息化厅",F("丙")]], {F("甲"): "new",F("乙"):"not_ours",F("丙"):"not_ours"}, (*GIANT,"--type","新认定",*PAPER)),
 L("K4 two header words in one", [["序号","企业名称","市/县"], [1,F("甲"),"上饶市/玉山县"],[2,F("乙"),"上饶市/婺源县"],[3,F("丙"),"九江市/修水县"]], {F("甲"): {"division":"361123"},F("乙"):{"division":"361130"},F("丙"):"not_ours"}),
 L("K4 no header at all over place", [["序号","企业名称",None], [1,F("甲"),Y],[2,F("乙"),"婺源县"]], {F("甲"): {"division":"361123"},F("乙"):{"division":"361130"}}),
 L("K4 no header over place, against given", [["序号","企业名称",None], [1,F("甲"),Y],[2,F("乙"),"婺源县"]], {F("甲"): "new",F("乙"):{"division":"361130"}}, (*WHOLE,"--division",Y)),
 L("K4 codes under no heading", [["序号","企业名称",None,"县区"], [1,F("甲"),code(1),Y],[2,F("乙"),code(2),Y]], {F("甲"): {"credit_code":code(1)},F("乙"):{"credit_code":code(2)}}),
 L("K4 levels under unknown heading against given", [["序号","企业名称","县区","认定单位"], [1,F("甲"),Y,"江西省工信厅"],[2,F("乙"),Y,"工业和信息化部"]], {F("甲"): "new",F("乙"):"error"}),
 L("K4 years under unknown heading", [["序号","企业名称","县区","入选年"], [1,F("甲"),Y,2024],[2,F("乙"),Y,2019]], {F("甲"): "new",F("乙"):("error","new")}),
]

K5 = [
 L("K5 numbers before", names("1."+F("甲"),"②"+F("乙"),"（3）"+F("丙"),"4）"+F("丁"),"五、"+F("戊"),"6 "+F("己"), "№7 "+F("庚"), "3M示例中国有限公司", "360示例科技有限公司","第一示例机械厂","七星示例电子有限公司","一品示例食品有限公司"),
   {**{F(x):"new" for x in "甲乙丙丁戊己"}, F("庚"):"new","3M示例中国有限公司":"new","360示例科技有限公司":"new","第一示例机械厂":"new","七星示例电子有限公司":"new","一品示例食品有限公司":"new"}),
 L("K5 former names", names(F("甲")+"（曾用名：江西旧甲科技有限公司）",F("乙")+"(原江西旧乙有限公司)",F("丙")+"\n（原名：江西旧丙有限公司）",F("丁")+"【原：江西旧丁有限公司】",F("戊")+"，原名江西旧戊有限公司", F("己")+"（更名前：江西旧己有限公司）"),
   all_of("new",F("甲"),F("乙"),F("丙")) | all_of("error",F("丁")+"【原：江西旧丁有限公司】",F("戊")+"，原名江西旧戊有限公司") | {F("己"):"new"}),
 L("K5 later names", names(F("甲")+"（现更名为"+F("乙")+"）",F("丙")+"→"+F("丁")), {F("甲"):"error", F("丙")+"→"+F("丁"):"error"}),
 L("K5 codes", names(F("甲")+"\n"+C("甲"),F("乙")+"（统一社会信用代码："+C("乙")+"）",F("丙")+" "+C("丙").lower()), {F(x):"error" for x in "甲乙丙"}),
 L("K5 codes taken", names(F("甲")+"\n"+C("甲")), {F("甲"):{"credit_code":C("甲")}}, (*WHOLE,"--accept-fixes")),
 L("K5 with its subsidiaries", names(F("甲")+"及其子公司",F("乙")+"和下属企业",F("丙")+"、全资子公司","玉山示例机械厂及其分公司",F("丁")+"（含子公司）","江西示例和控股有限公司"),
   {**all_of("error",F("甲")+"及其子公司",F("乙")+"和下属企业",F("丙")+"、全资子公司","玉山示例机械厂及其分公司",F("丁")+"（含子公司）"), "江西示例和控股有限公司":"new"}),
 L("K5 label before", names("企业名称："+F("甲"),"单位名称: "+F("乙"),"1.申报单位："+F("丙"),"企业全称\n："+F("丁")), all_of("new",F("甲"),F("乙"),F("丙"),F("丁")), said=["“企业名称：”是栏目名，已去掉", "“单位名称:”是栏目名"]),
 *[L(f"K5 place before {before}", names(before+F("甲")), {before.replace(" ", "")+F("甲"):"new"}, said=[f"名称前的“{before.replace(' ', '')}”是不是名称的一部分"]) for before in ("玉山县","上饶市玉山县","江西省上饶市","德兴市 ","广信区")],
 L("K5 seal behind", names(F("甲")+"（加盖公章）",F("乙")+"(盖章)","玉山县示例家庭农场（单位公章）"), all_of("new",F("甲"),F("乙"),"玉山县示例家庭农场"), said=["“（加盖公章）”不是名称，已去掉","“(盖章)”不是名称"]),
 L("K5 two firms", names(F("甲")+"\n"+F("乙"),F("丙")+"/"+F("丁"),F("戊")+"（联合体成员："+F("己")+"）",F("庚")+"、"+F("辛"),F("壬")+"及"+F("癸"), F("子")+" "+F("丑")),
   {F("甲")+F("乙"):"error",F("丙")+"/"+F("丁"):"error",F("戊")+"（联合体成员："+F("己")+"）":"error",F("庚")+"、"+F("辛"):"error",F("壬")+"及"+F("癸"):"error",F("子")+" "+F("丑"):"error"}),
 L("K5 more of them", names(F("甲")+"等5家企业",F("乙")+"等三家",F("丙")+"等"), {F("甲")+"等5家企业":"error",F("乙")+"等三家":"error",F("丙")+"等":"error"}),
 L("K5 marks", names(F("甲")+"*","★"+F("乙"),F("丙")+"[1]",F("丁")+"（注1）",F("戊")+"①",F("己")+"△", "▲"+F("庚"), F("辛")+"※", F("壬")+"注", F("癸")+"。", F("子")+"；"), {**{F(x):"new" for x in "甲乙丙丁戊己庚辛"}, F("壬")+"注": "error", F("癸"):"new", F("子"):"new"}),
 L("K5 places, contacts and kinds behind", names(F("甲")+"（玉山县）",F("乙")+"（复核）",F("丙")+"（新认定）",F("丁")+"（联系人：张三）",F("戊")+" 13800000000", F("己")+"（玉山高新区）", F("庚")+"（产品：轴承）", F("辛")+"（上饶）"),
   {F("甲"):"new",F("乙"):"error",F("丙"):"new",F("丁")+"（联系人：张三）":"error",F("戊")+" 13800000000":"error",F("己"):"new",F("庚")+"（产品：轴承）":"error", F("辛")+"（上饶）":"new"}),
 L("K5 status behind", names(F("甲")+"（已注销）",F("乙")+"（撤销）",F("丙")+"（公示）",F("丁")+"（取消）"), {F("甲"):"new",F("乙"):"error",F("丙"):PUB,F("丁"):"error"}, said=["注销"]),
 L("K5 broken within a cell", names("江西示例\n甲科技\n有限公司","江西 示例 乙 科技 有限公司", " "+F("丙")+"\u3000", "\u200b"+F("丁")+"\ufeff", "江西示例戊科技\n有限公司（普通合伙）"), {F("甲"):"new",F("乙"):"new",F("丙"):"new",F("丁"):"new","江西示例戊科技有限公司（普通合伙）":"new"}),
 L("K5 name broken over rows, serial absent", [HEAD, [1,"江西示例甲",C("甲"),Y],[None,"科技有限公司",None,None], r(2,"乙")], {F("甲"):"error",F("乙"):"new"}),
 L("K5 name broken, second row has the rest of code", [HEAD, [1,"江西示例甲",C("甲")[:9],Y],[None,"科技有限公司",C("甲")[9:],None], r(2,"乙")], {"江西示例甲":"error","科技有限公司":"error",F("乙"):"new"}),
 L("K5 name broken over three rows", [HEAD, [1,"江西示例",C("甲"),Y],[None,"甲科技",None,None],[None,"有限公司",None,None], r(2,"乙")], {F("甲"):"error",F("乙"):"new"}),
 L("K5 name broken where the first ends like a body", [HEAD, [1,"江西省示例研究院",C("甲"),Y],[None,"有限公司",None,None], r(2,"乙")], {"江西省示例研究院有限公司":"error",F("乙"):"new"}),
]

K6 = [
 foot("usual", [["合计","2家"],["填表人：张三","审核人：李四"],["填报日期：2024年6月3日"]]),
 foot("one column", [["合计：2家"],["注：排名不分先后"],["（以下空白）"],["玉山县工业和信息化局"],["2024年6月3日"],["联系电话：0793-2550000"],["— 3 —"],["第1页 共1页"]], head=ONE),
 foot("one column, prose", [["以上企业名单以省工信厅公布为准，有效期三年。"],["说明：1.本表由县工信局填报"],["2.数据截至2024年6月"],["3.如有疑问请致电"],["抄送：县财政局、县税务局"],["（信息公开形式：主动公开）"],["此件公开发布"],["江西省工业和信息化厅办公室　　2024年6月3日印发"]], head=ONE),
 foot("offices", [["上饶市工业和信息化局"],["上饶市财政局"],["玉山县专精特新企业培育工作领导小组办公室"],["玉山县发展和改革委员会"],["江西玉山高新技术产业园区管理委员会"],["中共玉山县委员会"],["玉山县人民政府（盖章）"]], head=ONE),
 foot("dates", [["二〇二四年六月三日"],["2024.6.3"],["2024年6月"],["二○二四年六月"]], head=ONE),
 foot("signs", [["******"],["——"],["……"],["1/2"],["完"],["（完）"],["END"],["空白"],["此页以下空白"],["——以下无正文——"]], head=ONE),
 foot("signed at the right", [[None,None,"玉山县工业和信息化局（公章）"],[None,None,"2024年6月3日"],["单位负责人（签字）：",None,"填表人：王五"],[None,"经办：","电话：2550000"]]),
 foot("serial with foot", [["合计",None,"2"],["总 计",2,None],["备注","1.以上按行政区划排序",None],["填表说明",None,None],["制表：张三",None,"复核：李四"],["数据来源：江西省工业和信息化厅官网",None,None],["附件：申报材料",None,None]]),
 foot("total with amount", [["合计",None,None,"20万元"],[None,"合计：20万元"],["大写：贰拾万元整"],[None,"（大写）贰拾万元整"]]),
 foot("county heading with count in names", [["铅山县 2家"],["铅山县（共2家）"]], head=ONE),
 foot("numbered rows beneath", [["注："],["1、有效期自2024年6月至2027年6月"],["2、请各县区做好服务"]], head=ONE),
 foot("long paragraph", [["经企业自愿申报、县级推荐、市级审核、专家评审和社会公示，现将2024年专精特新中小企业名单予以公布，有效期三年，请各地做好培育服务工作"]], head=ONE),
 foot("office heads with code cell", [[None,"联系人：张三","联系电话：13800000000"],[None,"邮箱：a@b.cn",None],[None,"地址：玉山县冰溪街道",None],[None,"网址：http://www.example.cn",None]]),
 L("K6 first rows under header: numbering row and unit", [HEAD, ["(1)","(2)","(3)","(4)"], r(1,"甲")], {F("甲"):"new"}),
 L("K6 first rows: 示例 row", [HEAD, ["栏次",1,2,3], r(1,"甲")], {F("甲"):"new"}),
 L("K6 numbering row of letters", [HEAD, ["A","B","C","D"], r(1,"甲")], {F("甲"):("new")}),
 L("K6 office among firms asked", [N2,[1,"玉山县工业和信息化局",Y],[2,F("甲"),Y]], {"玉山县工业和信息化局":"error",F("甲"):"new"}),
 L("K6 person and junk names", names("张三","123","2024-06-03","详见附件","同上","〃","略","测试","无","—"), {"张三":"error","123":"error","2024-06-03":"error","详见附件":"error","同上":"error","〃":"error","略":"error","测试":"error","":"error"}),
]

K7 = [
 L("K7 one reading", dates("2024.6.3","2024/06/03","2024年06月03日","贰零贰肆年陆月叁日","二零二四年六月三日","2024 年 6 月 3 日","２０２４年６月３日","2024–06–03","'2024-6-3","20240603",20240603,"2024。6。3","2024年6月3日。","2024-06-03T00:00:00","2024-06-03 00:00:00","2024～06～03"),
   dright(D,D,D,(D,"error"),D,D,D,D,D,D,D,(D,"error"),D,D,D,D), SRDI),
 L("K7 doubtful", dates("24年6月3日","6月3日","2024年6月上旬","2024.06",2024.06,"2024/6","03/06/2024","6/3/24","2024年2月30日","2024-06-03 16:00:00","2024年6月3日-5日","2024年6月、7月","2024年第二季度","待定","2024-6-3至2027-6-2"),
   dright(*["error"]*15), SRDI),
 L("K7 year only", dates("2024年",2024,"2024年度"), dright({"label_year":2024,"document_date":None},{"label_year":2024,"document_date":None},{"label_year":2024,"document_date":None}), SRDI),
 L("K7 month completed by the file", dates("2024年6月","2024.6","二〇二四年六月","2024年5月","2023年6月"), dright(D,D,D,"error","error"), WHOLE),
 L("K7 dates after today", dates("2034-06-03"), dright("error"), SRDI),
 L("K7 spans", valid("2024年6月3日至2027年6月2日","2024.6.3-2027.6.2","2024/6/3—2027/6/2","自2024年6月3日起至2027年6月2日止","2024-06-03~2027-06-02","2024年6月3日\n2027年6月2日","20240603-20270602","二〇二四年六月三日至二〇二七年六月二日","2024年06月03日--2027年06月02日"), dright(V,V,V,V,V,V,V,V,V)),
 L("K7 doubtful spans", valid("3年","三年","36个月","长期","2024年6月至2027年6月","2024-2027年","2024年度-2026年度","至2027年6月","有效期三年（2024-2026）","自发文之日起三年","2024年6月3日起3年"), dright(*["new"]*11), said=["请导入后"]),
 L("K7 validity in two columns by month", [["企业名称","信用代码","县区","有效期起","有效期止"],[F("甲"),C("甲"),Y,"2024年6月","2027年6月"],[F("乙"),C("乙"),Y,"2024-06-03","2027-06-02"]], {F("甲"):"new",F("乙"):V}),
]

K9 = [typ("企业规模","小型","中型","大型",right=NN), typ("企业类型","有限责任公司(自然人投资或控股)","股份有限公司（非上市）","其他有限责任公司",right=NN), typ("企业性质","民营","国有控股","外商投资",right=NN),
 typ("类型","规模以上工业企业","规模以下","规上服务业",right=NN), typ("类别","制造业","信息传输、软件和信息技术服务业","科学研究和技术服务业",right=NN), typ("企业类别","工业","服务业","建筑业",right=NN),
 typ("行业类别","C35专用设备制造业","C38电气机械",right=NN), typ("所属领域","新材料","高端装备",right=NN), typ("类型","生产型","贸易型",right=NN), typ("类别","A","B","C",right=NN), typ("登记类型","私营有限责任公司","个人独资",right=NN), typ("等级","A级","B级",right=NN), typ("企业类型","高新技术企业","科技型中小企业","非高企",right=("error",)*3),
 typ("类别","新认定","复核",right=({"kind":"新认定"},R),words=NOKIND), typ("类型","首次认定","复核通过","延续","续认",right=({"kind":"新认定"},R,R,R),words=NOKIND), typ("申报类型","新申报","复核",right=(({"kind":"新认定"},"error",{"publicity_only":True}),EA),words=NOKIND),
 typ("认定类别","小巨人","单项冠军",right=(G_,{"title":"国家级制造业单项冠军企业"}),words=("--level","国家级","--type","新认定",*PAPER)), typ("类别","小型微型","中型",right=NN), typ("企业规模（大/中/小/微）","小","微",right=NN), typ("企业划型","小型企业","微型企业",right=NN), typ("经济类型","内资","港、澳、台商投资",right=NN), typ("机构类型","企业","事业单位","社会团体","民办非企业单位",right=NN,words=PLAT), typ("平台类别","综合服务","技术创新服务","创业服务",right=NN,words=PLAT), typ("类别","信息服务类","融资服务类","人才培训类",right=NN,words=PLAT),typ("服务类别","信息、技术、创业","培训",right=NN,words=PLAT),
 L("K9 merged type with long words", [["2025年度国家中小企业公共服务示范平台（基地）名单"],["序号","名称","类型","运营单位","县区"],[1,"玉山示例平台","示范平台",F("甲"),Y],[2,"玉山示例园","示范基地",F("乙"),Y]], {"玉山示例平台":{"title":"国家中小企业公共服务示范平台"},"玉山示例园":{"title":"国家小型微型企业创业创新示范基地"}}, MERGED),
 L("K9 merged type by sections", [["2025年度国家中小企业公共服务示范平台（基地）名单"],["序号","名称","运营单位","县区"],["一、平台类"],[1,"玉山示例平台",F("甲"),Y],["二、基地类"],[2,"玉山示例园",F("乙"),Y]], {"玉山示例平台":({"title":"国家中小企业公共服务示范平台"},"error"),"玉山示例园":({"title":"国家小型微型企业创业创新示范基地"},"error")}, MERGED),
 L("K9 merged without type", [["2025年度国家中小企业公共服务示范平台（基地）名单"],["序号","名称","县区"],[1,"玉山示例平台",Y]], {"玉山示例平台":"error"}, MERGED),
 L("K9 merged title in cells", [["序号","名称","称号","县区"],[1,"玉山示例平台","国家中小企业公共服务示范平台（基地）—平台",Y],[2,"玉山示例园","国家中小企业公共服务示范平台（基地）（基地）",Y]], {"玉山示例平台":({"title":"国家中小企业公共服务示范平台"},"error"),"玉山示例园":({"title":"国家小型微型企业创业创新示范基地"},"error")}, MERGED),
]

K10 = [
 L("K10 two rows of header", [["序号","企业名称","统一社会信用代码","奖补资金（万元）",None,None],[None,None,None,"省级","市级","县级"],[1,F("甲"),C("甲"),10,20,30],[2,F("乙"),C("乙"),0,20,None]], {F("甲"):{"division":"361123"},F("乙"):{"division":"361123"}}, (*WHOLE,"--division",Y), merges=["A1:A2","B1:B2","C1:C2","D1:F1"]),
 L("K10 amounts with a unit", [["序号","企业名称","信用代码","县区","省","市","县"],[1,F("甲"),C("甲"),Y,"10万元","20万元","10万"],[2,F("乙"),C("乙"),Y,"—","20万元","/"]], {F("甲"):{"division":"361123"},F("乙"):{"division":"361123"}}),
 L("K10 amounts under the long words", [["序号","企业名称","信用代码","县区","省级奖补","市级奖补","县区配套","合计"],[1,F("甲"),C("甲"),Y,10,20,10,40]], {F("甲"):{"division":"361123"}}),
 L("K10 ticks under levels", [["序号","企业名称","信用代码","县区","国家级","省级"],[1,F("甲"),C("甲"),Y,None,"√"],[2,F("乙"),C("乙"),Y,"√",None]], {F("甲"):"new",F("乙"):("error",{"level":"国家级"})}),
 L("K10 market shares and counts", [["序号","企业名称","信用代码","县区","省内排名","市场占有率","全国排名"],[1,F("甲"),C("甲"),Y,1,"30%",2]], {F("甲"):"new"}),
 L("K10 decimals", [["序号","企业名称","信用代码","市","县"],[1,F("甲"),C("甲"),20.5,10.25],[2,F("乙"),C("乙"),"1,000","20.00"]], {F("甲"):{"division":"361123"},F("乙"):{"division":"361123"}}, (*WHOLE,"--division",Y)),
 L("K10 province city county as real places merged above", [["序号","企业名称","所在地",None,None],[None,None,"省","市","县"],[1,F("甲"),"江西省","上饶市","玉山县"],[2,F("乙"),"江西省","上饶市","余干县"],[3,F("丙"),"江西省","宜春市","丰城市"]], {F("甲"):{"division":"361123"},F("乙"):{"division":"361127"},F("丙"):"not_ours"}, WHOLE, merges=["A1:A2","B1:B2","C1:E1"]),
 L("K10 place header over two columns", [["序号","企业名称","所属地区",None],[1,F("甲"),"上饶市","玉山县"],[2,F("乙"),"上饶市","德兴市"],[3,F("丙"),"九江市","修水县"]], {F("甲"):{"division":"361123"},F("乙"):{"division":"361181"},F("丙"):"not_ours"}, merges=["C1:D1"]),
]

K11 = [
 L("K11 two annexes", [["附件1"],["2024年江西省专精特新中小企业新认定名单"],HEAD,r(1,"甲"),["附件2"],["2024年江西省专精特新中小企业复核通过名单"],["序号","设区市","企业名称"],[1,"上饶市",F("乙")]], {F("甲"):{"kind":"新认定"},F("乙"):R}, NOKIND),
 L("K11 second table with a new column order and another title", [["附件1  江西省专精特新中小企业名单"],["序号","企业名称","县区"],[1,F("甲"),Y],["附件2  江西省制造业单项冠军企业名单"],["序号","县区","企业名称","产品名称"],[1,Y,F("乙"),"示例轴承"]], {F("甲"):{"title":"江西省专精特新中小企业"},F("乙"):{"title":"江西省制造业单项冠军企业"}}),
 L("K11 second header of unknown names", [["企业名称","信用代码","县区"],[F("甲"),C("甲"),Y],["二、复核通过"],["通过复核企业","所在县","社会信用代码"],[F("乙"),Y,C("乙")]], {F("甲"):"new",F("乙"):{"kind":"复核","credit_code":C("乙"),"division":"361123"}}, NOKIND),
 L("K11 second table without a serial", [HEAD,r(1,"甲"),[None],["企业名称","县区","证书编号"],[F("乙"),Y,"X-1"]], {F("甲"):"new",F("乙"):{"division":"361123"}}),
 L("K11 three tables, one of failures", [["一、新认定"],HEAD,r(1,"甲"),["二、复核通过"],["序号","企业名称","原批次","县区"],[1,F("乙"),"第三批",Y],["三、不予通过"],["序号","企业名称","原因","县区"],[1,F("丙"),"营收下降",Y]], {F("甲"):{"kind":"新认定"},F("乙"):R,F("丙"):"error"}, NOKIND),
 L("K11 second header of two rows", [HEAD,r(1,"甲"),["附件2"],["序号","企业名称","所在地",None],[None,None,"市","县"],[1,F("乙"),"上饶市","弋阳县"]], {F("甲"):"new",F("乙"):{"division":"361126"}}, merges=["A4:A5","B4:B5","C4:D4"]),
 L("K11 one column list with headings", [["企业名称"],["新认定企业"],[F("甲")],["复核通过企业"],[F("乙")]], {F("甲"):{"kind":"新认定"},F("乙"):R}, (*NOKIND,"--division",Y)),
]

K12 = [
 L("K12 signs for lost letters", names("江西示例＿＿科技有限公司","江西示例■■有限公司","江西示例*科技有限公司","江西XX科技有限公司","江西示例××有限公司","江西○○科技有限公司","江西示例〇〇科技有限公司","江西__科技有限公司","江西示例??有限公司","江西示例（缺字）有限公司","江西示例[?]有限公司", "江西示例〓科技有限公司","江西示例▯有限公司","江西示例�有限公司"), {n:"error" for n in ["江西示例＿＿科技有限公司","江西示例■■有限公司","江西示例*科技有限公司","江西XX科技有限公司","江西示例××有限公司","江西○○科技有限公司","江西示例〇〇科技有限公司","江西__科技有限公司","江西示例??有限公司","江西示例（缺字）有限公司","江西示例[?]有限公司","江西示例〓科技有限公司","江西示例▯有限公司","江西示例�有限公司"]}),
 L("K12 mojibake", names("æ±Ÿè¥¿ç¤ºä¾‹ç§‘æŠ€","姹熻タ绀轰緥绉戞妧","锟斤拷锟斤拷有限公司","江西示例科技鏈夐檺鍏徃"), {n:"error" for n in ["æ±Ÿè¥¿ç¤ºä¾‹ç§‘æŠ€","姹熻タ绀轰緥绉戞妧","锟斤拷锟斤拷有限公司","江西示例科技鏈夐檺鍏徃"]}),
 L("K12 entities", names("江西示例&amp;科技有限公司","&#27743;&#35199;示例有限公司","江西示例&nbsp;有限公司"), {n:"error" for n in ["江西示例&amp;科技有限公司","&#27743;&#35199;示例有限公司","江西示例&nbsp;有限公司"]}),
 L("K12 rare letters are good", names("江西喆煊示例有限公司","江西犇鑫淼示例有限公司","上饶市垚鑫示例科技有限公司","江西示例䶮科技有限公司","江西𬭎示例有限公司","婺源县篁岭示例旅游有限公司","弋阳县示例瓷业有限公司","江西示例A&B科技有限公司","江西ABC·示例科技有限公司","江西示例—甲科技有限公司"), {n:"new" for n in ["江西喆煊示例有限公司","江西犇鑫淼示例有限公司","上饶市垚鑫示例科技有限公司","江西示例䶮科技有限公司","江西𬭎示例有限公司","婺源县篁岭示例旅游有限公司","弋阳县示例瓷业有限公司","江西示例A&B科技有限公司","江西ABC·示例科技有限公司","江西示例—甲科技有限公司"]}),
 L("K12 brackets", names("江西示例（甲科技有限公司","江西示例甲）科技有限公司","示例（江西)科技有限公司"), {"江西示例（甲科技有限公司":"error","江西示例甲）科技有限公司":"error","示例（江西)科技有限公司":"new"}),
]

K16 = [
 L("K16 headline", [["2024年专精特新中小企业名单（3家）"],HEAD,r(1,"甲"),r(2,"乙")], {F("甲"):"new",F("乙"):"new"}, said=["3家"]),
 L("K16 chinese", [["2024年专精特新中小企业名单（共计三户）"],HEAD,r(1,"甲"),r(2,"乙")], {F("甲"):"new",F("乙"):"new"}, said=["3家"]),
 L("K16 total says more", [HEAD,r(1,"甲"),r(2,"乙"),["合计","4家"]], {F("甲"):"new",F("乙"):"new"}, said=["4家"]),
 L("K16 total in words", [HEAD,r(1,"甲"),r(2,"乙"),["以上共计5户企业"]], {F("甲"):"new",F("乙"):"new"}, said=["5"]),
 L("K16 total number alone", [HEAD,r(1,"甲"),r(2,"乙"),["总计",6]], {F("甲"):"new",F("乙"):"new"}, said=["6"]),
 L("K16 note says", [HEAD,r(1,"甲"),r(2,"乙"),["注：本次共认定7家企业。"]], {F("甲"):"new",F("乙"):"new"}, said=["7"]),
 L("K16 preface says", [["根据…，认定江西示例甲科技有限公司等8家企业为专精特新中小企业，现予公布。"],HEAD,r(1,"甲"),r(2,"乙")], {F("甲"):"new",F("乙"):"new"}, said=["8"]),
 L("K16 gap", [HEAD,r(1,"甲"),r(4,"乙")], {F("甲"):"new",F("乙"):"new"}, said=["缺"]),
 L("K16 begins late", [HEAD,r(3,"甲"),r(4,"乙")], {F("甲"):"new",F("乙"):"new"}, said=["序号"]),
 L("K16 double", [HEAD,r(1,"甲"),r(1,"乙")], {F("甲"):"new",F("乙"):"new"}, said=["重复"]),
 L("K16 texts", [HEAD,["01",F("甲"),C("甲"),Y],["03",F("乙"),C("乙"),Y]], {F("甲"):"new",F("乙"):"new"}, said=["缺"]),
 L("K16 section counts", [["序号","企业名称","信用代码"],["一、玉山县（2家）"],[1,F("甲"),C("甲")],["二、铅山县（1家）"],[2,F("乙"),C("乙")]], {F("甲"):"new",F("乙"):"new"}, said=["2家"]),
 L("K16 all agrees", [["2024年专精特新中小企业名单（共2家）"],HEAD,r(1,"甲"),r(2,"乙"),["合计","2家"]], {F("甲"):"new",F("乙"):"new"}),
 L("K16 count columns per county", [HEAD,r(1,"甲"),r(2,"乙"),["小计",None,None,"2家"]], {F("甲"):"new",F("乙"):"new"}),
]

K17 = [
 L("K17 city merged down", [["序号","设区市","企业名称"],[1,"南昌市",F("甲")],[2,None,F("乙")],[3,"上饶市",F("丙")],[4,None,F("丁")]], {F("甲"):"not_ours",F("乙"):"not_ours",F("丙"):"new",F("丁"):"new"}, merges=["B2:B3","B4:B5"]),
 L("K17 short names", [["序号","地市","企业名称"],[1,"南昌",F("甲")],[2,"上饶",F("乙")],[3,"赣江新区",F("丙")],[4,"赣州市",F("丁")]], {F("甲"):"not_ours",F("乙"):"new",F("丙"):"not_ours",F("丁"):"not_ours"}),
 L("K17 counties of others", [["序号","县（市、区）","企业名称"],[1,"南昌县",F("甲")],[2,"玉山县",F("乙")],[3,"丰城市",F("丙")],[4,"月湖区",F("丁")],[5,"德兴市",F("戊")],[6,"贵溪市",F("己")]], {F("甲"):"not_ours",F("乙"):{"division":"361123"},F("丙"):"not_ours",F("丁"):"not_ours",F("戊"):{"division":"361181"},F("己"):"not_ours"}),
 L("K17 full", [["序号","所属地区","企业名称"],[1,"江西省南昌市青山湖区",F("甲")],[2,"江西省上饶市玉山县",F("乙")],[3,"江西省-抚州市-临川区",F("丙")],[4,"宜春/丰城",F("丁")],[5,"吉安·井开区",F("戊")]], {F("甲"):"not_ours",F("乙"):{"division":"361123"},F("丙"):"not_ours",F("丁"):("not_ours","error"),F("戊"):("not_ours","error")}),
 L("K17 sections", [["序号","企业名称","信用代码"],["南昌市（1家）"],[1,F("甲"),C("甲")],["上饶市（2家）"],[2,F("乙"),C("乙")],[3,F("丙"),C("丙")],["鹰潭市（1家）"],[4,F("丁"),C("丁")]], {F("甲"):"not_ours",F("乙"):"new",F("丙"):"new",F("丁"):"not_ours"}),
 L("K17 sections in names", [["企业名称"],["一、南昌市"],[F("甲")],["二、上饶市"],[F("乙")],["三、赣江新区"],[F("丙")]], {F("甲"):"not_ours",F("乙"):"new",F("丙"):"not_ours"}),
 L("K17 national", [["序号","省市","企业名称"],[1,"江西",F("甲")],[2,"江苏",F("乙")],[3,"深圳",F("丙")],[4,"新疆生产建设兵团",F("丁")],[5,"广西壮族自治区",F("戊")],[6,"中央企业",F("己")]], {F("甲"):"new",F("乙"):"not_ours",F("丙"):"not_ours",F("丁"):"not_ours",F("戊"):"not_ours",F("己"):"new"}, said=["中央企业"]),
 L("K17 recommenders", [["序号","企业名称","推荐单位"],[1,F("甲"),"南昌市工业和信息化局"],[2,F("乙"),"上饶市工业和信息化局"],[3,F("丙"),"赣州市工信局"],[4,F("丁"),"玉山县工信局"]], {F("甲"):"not_ours",F("乙"):"new",F("丙"):"not_ours",F("丁"):{"division":"361123"}}),
 L("K17 a recommender is no place of the firm", [["序号","企业名称","推荐单位"],[1,F("甲"),"玉山县"]], {F("甲"):{"division":"361123"}}, said=["“推荐单位”写的是“玉山县”，不一定是企业的所属地区"]),
 L("K17 a recommender against the place given", [["序号","企业名称","推荐单位"],[1,F("甲"),"德兴市工信局"]], {F("甲"):{"division":"361181"}}, (*WHOLE,"--division",Y), said=["，与“玉山县”不同"]),
 L("K17 not our headings by province", [["序号","企业名称"],["江西省"],[1,F("甲")],["浙江省"],[2,F("乙")],["宁波市"],[3,F("丙")]], {F("甲"):"new",F("乙"):"not_ours",F("丙"):"not_ours"}),
 L("K17 our firms with names of elsewhere", names("上海示例（上饶）科技有限公司","南昌示例玉山机械有限公司"), {"上海示例（上饶）科技有限公司":"new","南昌示例玉山机械有限公司":"new"}),
 L("K17 direct", [["序号","企业名称","县区"],[1,F("甲"),"上饶市直"],[2,F("乙"),"市本级"],[3,F("丙"),"三清山"],[4,F("丁"),"高铁试验区"],[5,F("戊"),"上饶经开区"],[6,F("己"),"上饶高新区"],[7,F("庚"),"省属"]], {F("甲"):{"division":"361199"},F("乙"):{"division":"361199"},F("丙"):{"division":"361192"},F("丁"):{"division":"361193"},F("戊"):{"division":"361191"},F("己"):{"division":"361103"},F("庚"):"error"}),
]

CODES = [
 cc("odd writing", C("甲").translate(FULL), C("乙").lower(), "'"+C("丙"), "\t"+C("丁"), C("戊")[:6]+" "+C("戊")[6:12]+"\u3000"+C("戊")[12:], C("己")[:9]+"\n"+C("己")[9:], "\u202d"+C("庚")+"\u202c", "\u200e"+C("辛")+"\ufeff", right=[T_(x) for x in "甲乙丙丁戊己庚辛"]),
 cc("more odd writing", C("甲")[:8]+"-"+C("甲")[8:], "统一社会信用代码："+C("乙"), "（"+C("丙")+"）", C("丁")+"（三证合一）", C("戊")+"。", "‘"+C("戊"), C("庚")+"\u00a0", "`"+C("辛"), right=[({"credit_code":C(x)},"error") for x in "甲乙丙丁"]+[("error",T_("戊")),T_("戊"),T_("庚"),(T_("辛"),"error")]),
 cc("wrong letters", C("甲").replace("0","O",1), C("乙").replace("1","I",1), C("丙").replace("0","o",2), C("丁").replace("1","l",1), right=["error"]*4),
 cc("wrong letters taken", C("甲").replace("0","O",1), C("乙").replace("1","I",1), right=[T_("甲"),T_("乙")], words=(*WHOLE,"--accept-fixes")),
 cc("damaged", 913611230000000001, "9.13611E+17", "91361123MA0000", "913611230000000000", C("戊")[:-1]+("1" if C("戊")[-1]!="1" else "2"), "暂无", "12361123MB0000000X", right=["error","error","error","error","new","new","new"]),
 cc("two codes or a phone", C("甲")+"/"+C("乙"), "13800000000", "36112319800101001X", "79478912-3", right=["error"]*4),
]

TITLES = [
 tt("spellings of the province", "省级专精特新中小企业","江西省“专精特新”中小企业","省“专精特新”企业","2024年度江西省专精特新中小企业","专精特新中小企业（省级）","省级\"专精特新\"中小企业（第六批）","江西省2024年省级专精特新企业","省级‘专精特新’中小企业","江西省级专精特新中小企业","2024年省级专精特新","省专精特新中小企业称号","省级专 精 特 新中小企业", right=[P_]*12),
 tt("spellings of the nation", "国家级专精特新“小巨人”企业","国家专精特新小巨人","第六批国家级专精特新“小巨人”企业","工信部专精特新“小巨人”","专精特新“小巨人”企业（国家级）","国家级小巨人企业","国家级“专精特新”小巨人","国家第六批专精特新小巨人企业", "专精特新重点“小巨人”企业", "国家级专精特新中小企业", right=[G_]*8+["error","error"]),
 column("title national spelling under a provincial file", "认定称号", ["专精特新“小巨人”企业","专精特新“小巨人”企业（综合类）","专业化小巨人企业","国家级专精特新小巨人","小巨人企业"], ["error","error",X_,G_,X_], ("--level","省级","--type","新认定",*PAPER)),
 L("title national spelling, the row says 省级", [[*HEAD,"称号","级别"],r(1,"甲","专精特新“小巨人”企业","省级"),r(2,"乙","省级专精特新小巨人企业",None)], {F("甲"):X_,F("乙"):X_}, ("--type","新认定",*PAPER), said=["“专精特新“小巨人”企业”是国家级称号的写法，省级的是“江西省专业化小巨人企业”，请核对","“省级专精特新小巨人企业”是"]),
 L("title national spelling over the rows", [["一、专精特新“小巨人”企业"],HEAD,r(1,"甲")], {F("甲"):"error"}, ("--title","little_giant","--level","省级","--type","新认定",*PAPER), said=["全表的级别是省级"]),
 L("title national spelling in the headline", [["2024年专精特新“小巨人”企业名单"],HEAD,r(1,"甲")], {F("甲"):"error"}, ("--title","little_giant","--level","省级","--type","新认定",*PAPER), said=["全表的级别是省级"]),
 tt("others", "省级制造业单项冠军示范企业","江西省制造业单项冠军","省级专业化小巨人","省级专业化“小巨人”企业","省级中小企业公共服务示范平台","省级小微企业创业创新示范基地","江西省小型微型企业创业创新示范基地","市级专精特新中小企业","创新型中小企业","省级单项冠军产品","省级制造业单项冠军培育企业","高新技术企业", right=[S_,S_,X_,X_,{"title":"江西省中小企业公共服务示范平台"},{"title":"江西省小型微型企业创业创新示范基地"},{"title":"江西省小型微型企业创业创新示范基地"},"error","error",S_,"error","error"]),
 tt("with kind and batch", "省级专精特新中小企业（复核）","省级专精特新中小企业（新认定）","省级专精特新中小企业 第六批","省级专精特新中小企业-2024", right=["error",("error",P_),P_,(P_,"error")]),
]

HEADINGS = [
 fh("province","2024年江西省专精特新中小企业新认定名单",{**P_,"kind":"新认定","label_year":2024}), fh("nation","第六批专精特新“小巨人”企业名单",{**G_,"batch":"第六批"},("--level","国家级","--type","新认定","--from-heading",*PAPER)), fh("nation 2","国家级专精特新“小巨人”企业（第六批）名单",{**G_,"batch":"第六批"}), fh("review","2024年江西省专精特新中小企业复核通过企业名单",{**P_,"kind":"复核"}), fh("champion","江西省2024年制造业单项冠军企业名单（第四批）",{**S_,"batch":"第四批"}), fh("platform","2024年度江西省中小企业公共服务示范平台名单",{"title":"江西省中小企业公共服务示范平台"}), fh("base","江西省小型微型企业创业创新示范基地（2024年）名单",{"title":"江西省小型微型企业创业创新示范基地"}), fh("professional","江西省专业化小巨人企业名单（2024年度）",X_), fh("sheet","名单",{**P_},sheet="省级专精特新"),
 fh("without flag","2024年江西省专精特新中小企业名单","error",PAPER), fh("other title","2024年江西省绿色工厂名单","error"), fh("publicity","2024年江西省专精特新中小企业拟认定名单",{**P_,"publicity_only":True}), fh("quotes","关于公布2024年度江西省\"专精特新\"中小企业名单的通知",P_), fh("annex","附件：2024年度江西省专精特新中小企业名单",P_), fh("long with number","江西省工业和信息化厅关于公布2024年江西省专精特新中小企业名单的通知（赣工信企业字〔2024〕18号）",P_), fh("two lines","江西省\n2024年专精特新中小企业名单",{**P_,"label_year":2024}),
]

LAY = [
 L("merged downwards county and document", [["序号","县区","企业名称","文号"],[1,Y,F("甲"),"赣工信企业字〔2024〕18号"],[2,None,F("乙"),None],[3,"铅山县",F("丙"),None]], {F("甲"):{"division":"361123"},F("乙"):{"division":"361123"},F("丙"):{"division":"361124"}}, merges=["B2:B3","D2:D4"]),
 L("county written once, not merged", [["序号","县区","企业名称"],[1,Y,F("甲")],[2,None,F("乙")],[3,"铅山县",F("丙")]], {F("甲"):{"division":"361123"},F("乙"):{"division":None},F("丙"):{"division":"361124"}}),
 L("side by side with a gap", [["序号","企业名称","县区",None,"序号","企业名称","县区"],[1,F("甲"),Y,None,3,F("丙"),"铅山县"],[2,F("乙"),Y,None,4,F("丁"),"德兴市"]], {F("甲"):{"division":"361123"},F("乙"):{"division":"361123"},F("丙"):{"division":"361124"},F("丁"):{"division":"361181"}}),
 L("side by side uneven with a headline", [["2024年省级专精特新中小企业名单（3家）"],["序号","企业名称","序号","企业名称"],[1,F("甲"),3,F("丙")],[2,F("乙"),None,None],["合计：3家"]], {F("甲"):"new",F("乙"):"new",F("丙"):"new"}, (*WHOLE,"--division",Y), merges=["A1:D1","A5:D5"]),
 L("header far below", [["填报单位：玉山县工信局"],["填报时间：2024年6月"],["单位：家、万元"],["2024年江西省专精特新中小企业名单"],[None],HEAD,r(1,"甲")], {F("甲"):"new"}),
 L("subtotals by county", [HEAD,r(1,"甲"),["玉山县小计",None,None,"1家"],r(2,"乙",y="铅山县"),["铅山县小计：1家"],["合计：2家"]], {F("甲"):"new",F("乙"):"new"}),
 L("repeated header each page and page numbers", [HEAD,r(1,"甲"),["第 1 页，共 2 页"],HEAD,r(2,"乙"),["第 2 页，共 2 页"]], {F("甲"):"new",F("乙"):"new"}),
 L("empty columns before", [[None,None,"序号","企业名称","县区"],[None,None,1,F("甲"),Y]], {F("甲"):"new"}),
 L("serial with points", [HEAD,["1.",F("甲"),C("甲"),Y],["2、",F("乙"),C("乙"),Y],["（3）",F("丙"),C("丙"),Y],["四",F("丁"),C("丁"),Y]], {F(x):"new" for x in "甲乙丙丁"}),
 L("county heading merged in the names' column", [["企业名称","信用代码"],["玉山县",None],[F("甲"),C("甲")],["德兴市",None],[F("乙"),C("乙")]], {F("甲"):{"division":"361123"},F("乙"):{"division":"361181"}}, merges=["A2:B2","A4:B4"]),
 L("three header rows with unit rows", [["序号","企业名称","奖补资金",None,"备注"],[None,None,"市级","县级",None],[None,None,"万元","万元",None],[1,F("甲"),20,10,None]], {F("甲"):"new"}, (*WHOLE,"--division",Y), merges=["A1:A3","B1:B3","C1:D1","E1:E3"]),
 L("same firm twice", [HEAD,r(1,"甲"),r(2,"甲"),r(3,"乙")], {F("甲"):("new","duplicate"),F("乙"):"new"}),
 L("name and county in one heading order reversed", [["县区","单位名称","序号"],[Y,F("甲"),1],["铅山县",F("乙"),2]], {F("甲"):{"division":"361123"},F("乙"):{"division":"361124"}}),
 L("valid list with validity and certificate", [["序号","企业名称","统一社会信用代码","所属县（市、区）","证书编号","有效期起","有效期止","备注"],[1,F("甲"),C("甲"),Y,"JX2024001",date(2024,6,3),date(2027,6,2),None]], {F("甲"):V}),
]

E = "error"
N = "new"


def hd(title: str, headline: str, right: Any, words: Sequence[str] = WHOLE) -> L:
    return L(f"headline {title}", [[headline], HEAD, r(1, "甲")], {F("甲"): right}, words)


MORE = [
 hd("cancel","关于取消部分企业专精特新中小企业资格的公告",E), hd("revoke2","2024年撤销专精特新“小巨人”企业名单",E,GIANT+("--type","新认定",*PAPER)), hd("ext","2021年省级专精特新中小企业有效期延续名单",EA,NOKIND), hd("ext2","省级专精特新中小企业有效期延续企业名单",E),
 hd("fushen","2024年通过复审的省级专精特新中小企业名单",E), hd("fail","2024年省级专精特新中小企业申报未通过企业名单",E), hd("buyu","不予认定专精特新中小企业名单",E), hd("obj","有异议企业名单",E), hd("hold","暂缓认定企业名单",E),
 hd("gongshi","2024年江西省专精特新中小企业名单公示",PUB), hd("gongshi2","江西省2024年度第二批专精特新中小企业拟认定名单的公示",PUB), hd("tuijian","上饶市推荐2024年省级专精特新中小企业名单",PUB), hd("shenbao","2024年度专精特新中小企业申报企业汇总表",PUB), hd("nirending","2024年专精特新中小企业（拟认定）",PUB), hd("niru","2024年省级专精特新中小企业拟入选名单",PUB), hd("jianyi","2024年省级专精特新中小企业建议名单",PUB), hd("jiben","申报企业基本情况表",PUB), hd("yixiang","拟培育专精特新中小企业名单",E), hd("shangbao","上报省厅企业名单",PUB), hd("chushen","初审通过企业名单",PUB), hd("shenhe","审核通过名单",N), hd("ruku","2024年专精特新入库企业名单",E),hd("peiyu","玉山县专精特新培育企业名单",E), hd("houbei","省级专精特新后备企业名单",E),
 hd("rename","关于同意部分专精特新企业更名的通知",E), hd("rename2","专精特新中小企业名称变更名单",E), hd("list of beneficiaries","2024年专精特新中小企业奖补资金安排表",N), hd("reward","2024年省级专精特新中小企业奖励名单",N), hd("proposed reward","2024年省级专精特新中小企业拟奖励名单",("error",{"publicity_only":True},"new")), hd("award notice","关于授予2024年省级专精特新中小企业称号的决定",N), hd("named","江西省专精特新中小企业名录",N), hd("batch n new","第六批专精特新中小企业认定和第三批复核通过名单",EA,NOKIND),
 hd("after public","公示期满无异议企业名单",{"publicity_only":False}), hd("通过公示","经公示无异议的2024年专精特新中小企业名单",{"publicity_only":False}), hd("公布","关于2024年江西省专精特新中小企业名单的公布",{"publicity_only":False}), hd("公告","2024年江西省专精特新中小企业名单公告",{"publicity_only":False}), hd("批复","关于专精特新中小企业申报的批复",PUB),
 L("is review col",[[*HEAD,"是否复核"],r(1,"甲","是"),r(2,"乙","否"),r(3,"丙",None)],{F("甲"):EA,F("乙"):N,F("丙"):N},NOKIND),
 L("is review col new given",[[*HEAD,"是否为复核企业"],r(1,"甲","是"),r(2,"乙","否")],{F("甲"):E,F("乙"):N}),
 L("new or review",[[*HEAD,"新申报/复核"],r(1,"甲","复核"),r(2,"乙","新申报")],{F("甲"):EA,F("乙"):("new",E)},NOKIND),
 L("due review",[[*HEAD,"到期复核"],r(1,"甲","√"),r(2,"乙",None)],{F("甲"):EA,F("乙"):N},NOKIND),
 L("review date",[[*HEAD,"复核时间"],r(1,"甲","2024年6月"),r(2,"乙",None)],{F("甲"):EA,F("乙"):N},NOKIND),
 L("first year",[[*HEAD,"首次认定时间"],r(1,"甲","2021年"),r(2,"乙","2024年")],{F("甲"):E,F("乙"):N}),
 L("original batch",[[*HEAD,"原认定批次"],r(1,"甲","第三批"),r(2,"乙",None)],{F("甲"):("error","new"),F("乙"):N},NOKIND),
 L("original year",[[*HEAD,"原认定年度"],r(1,"甲",2021),r(2,"乙",None)],{F("甲"):E,F("乙"):N}),
 L("state",[[*HEAD,"认定状态"],r(1,"甲","已认定"),r(2,"乙","暂缓"),r(3,"丙","未认定")],{F("甲"):N,F("乙"):E,F("丙"):E}),
 L("review result",[[*HEAD,"复核结果"],r(1,"甲","通过"),r(2,"乙","不通过")],{F("甲"):EA,F("乙"):E},NOKIND),
 L("opinions",[[*HEAD,"县级意见","市级意见"],r(1,"甲","同意","同意"),r(2,"乙","同意","不同意")],{F("甲"):N,F("乙"):E}),
 L("remark 公示",[[*HEAD,"备注"],r(1,"甲","公示中"),r(2,"乙","拟认定"),r(3,"丙","公示无异议")],{F("甲"):PUB,F("乙"):PUB,F("丙"):{"publicity_only":False}}),
 L("unknown col",[[*HEAD,"情况"],r(1,"甲","已取消"),r(2,"乙","正常"),r(3,"丙","经查不符合条件")],{F("甲"):E,F("乙"):N,F("丙"):E}),
 L("pass marks",[[*HEAD,"是否通过"],r(1,"甲","√"),r(2,"乙","×"),r(3,"丙","通过"),r(4,"丁","")],{F("甲"):N,F("乙"):E,F("丙"):N,F("丁"):E}),
 L("final",[[*HEAD,"最终结果"],r(1,"甲","认定"),r(2,"乙","不认定")],{F("甲"):N,F("乙"):E}),
 L("reason column",[[*HEAD,"不通过原因"],r(1,"甲",None),r(2,"乙","研发费用占比不达标"),r(3,"丙","材料不全")],{F("甲"):N,F("乙"):E,F("丙"):E}),
 L("section stop with plain words",[HEAD,["通过"],r(1,"甲"),["不通过"],r(2,"乙")],{F("甲"):N,F("乙"):E}),
 L("section withdrawn",[HEAD,["（一）认定企业"],r(1,"甲"),["（二）主动放弃企业"],r(2,"乙"),["（三）整改企业"],r(3,"丙")],{F("甲"):N,F("乙"):E,F("丙"):("error","new")}),
 L("sections merged and other title",[HEAD,["省级专精特新中小企业"],r(1,"甲"),["省级制造业单项冠军"],r(2,"乙"),["国家级小巨人"],r(3,"丙")],{F("甲"):P_,F("乙"):S_,F("丙"):G_}),
 L("section champion",[HEAD,["一、示范企业"],r(1,"甲"),["二、培育企业"],r(2,"乙"),["三、单项冠军产品"],r(3,"丙")],{F("甲"):N,F("乙"):E,F("丙"):N},CHAMP),
 L("sections 复审",[HEAD,["A类：新认定"],r(1,"甲"),["B类：复审"],r(2,"乙")],{F("甲"):{"kind":"新认定"},F("乙"):R},NOKIND),
 L("national given prov list",[["序号","省份","企业名称"],[1,"江西",F("甲")],[2,"浙江",F("乙")]],{F("甲"):N,F("乙"):E},(*WHOLE,"--division",Y)),
 L("所属市 against given",[["序号","企业名称","所属市县"],[1,F("甲"),"上饶市玉山县"],[2,F("乙"),"上饶市铅山县"],[3,F("丙"),"南昌市"]],{F("甲"):N,F("乙"):{"division":"361124"},F("丙"):E},(*WHOLE,"--division",Y)),
 L("names heading level",names("江西示例甲科技有限公司（省级）","江西示例乙科技有限公司（国家级小巨人）","江西示例丙科技有限公司（2021年）","江西示例丁科技有限公司-复核","江西示例戊科技有限公司（第三批）"),{F("甲"):("new",E),F("乙"):E,F("丙"):("new",E),F("丁")+"-复核":E,F("戊"):"new"}),
 L("two firms with and",names(F("甲")+"和"+F("乙"),F("丙")+"（"+F("丁")+"）",F("戊")+"；"+F("己"),F("庚")+"\n"+F("辛")),{F("甲")+"和"+F("乙"):E,F("丙")+"（"+F("丁")+"）":E,F("戊")+"；"+F("己"):E,F("庚")+F("辛"):E}),
 L("branch",names("江西示例甲科技有限公司玉山分公司","江西示例集团有限公司技术中心","江西示例银行股份有限公司","江西示例（集团）有限责任公司","江西省示例机械厂（普通合伙）","玉山县示例家庭农场","上饶市示例律师事务所","江西示例研究院","示例（江西）股份公司","江西示例建设集团"),{n:N for n in ["江西示例甲科技有限公司玉山分公司","江西示例集团有限公司技术中心","江西示例银行股份有限公司","江西示例（集团）有限责任公司","江西省示例机械厂（普通合伙）","玉山县示例家庭农场","上饶市示例律师事务所","江西示例研究院","示例（江西）股份公司","江西示例建设集团"]}),
 L("feet with serial in name col",[HEAD,r(1,"甲"),[None,"合计",None,"1家"],[None,"负责人：张三",None,None],[None,None,"填报人：李四","2024.6.3"],["注","本表数据来源于省工信厅",None,None],["玉山县工业和信息化局",None,None,None],["2024年6月3日",None,None,None]],{F("甲"):N}),
 L("foot office+date one cell",[N2,[1,F("甲"),Y],[None,"玉山县工业和信息化局 2024年6月3日",None]],{F("甲"):N}),
 L("foot signed cells",[N2,[1,F("甲"),Y],["审核","张三","李四"],["主要领导签字：",None,None],["单位（盖章）",None,None],["（公章）",None,None],[None,"年  月  日",None],["年 月 日",None,None],["序号为省厅文件序号",None,None],["本表一式三份",None,None],["共1页，第1页",None,None],["此表由县级工信部门填写",None,None]],{F("甲"):N}),
 L("wrapped header",[["序号","企业名称","统一社会信用","县（市、"],[None,None,"代码","区）"],[1,F("甲"),C("甲"),Y]],{F("甲"):{"credit_code":C("甲"),"division":"361123"}}),
]

LISTS = [*MORE, *K1, *K2, *K3, *K4, *K5, *K6, *K7, *K9, *K10, *K11, *K12, *K16, *K17, *CODES, *TITLES, *HEADINGS, *LAY]


@pytest.mark.parametrize("one", LISTS, ids=lambda one: one.id)
def test_a_strange_list_gives_what_a_careful_clerk_would_take(one):
    defaults, answers = given(one.words)
    found = parse_list(as_table(one), defaults, Titles.load(), TODAY, answers=answers)

    assert list(dict.fromkeys(row.name for row in found.rows)) == list(one.right)
    for row in found.rows:
        wanted = one.right[row.name]
        assert any(is_right(row, each) for each in (wanted if isinstance(wanted, tuple) else (wanted,))), (row, wanted)
    told = "".join([*found.notes, *(said for row in found.rows for said in (*row.errors, *row.warnings))])
    assert [words for words in one.said if words not in told] == []


def is_right(row: ListRow, wanted: Any) -> bool:
    status = "error" if row.errors else "not_ours" if row.outside else "new"
    if isinstance(wanted, str):
        return status == wanted
    return status == "new" and wanted.items() <= taken(row).items()


def taken(row: ListRow) -> dict[str, Any]:
    """What `import --json` says of a row, with the values of the row itself."""
    said = {
        "credit_code": row.credit_code, "kind": row.kind, "level": row.level, "batch": row.batch, "operator": row.operator,
        "document_number": row.document_number, "document_date": row.document_date, "valid_from": row.valid_from, "valid_to": row.valid_to,
    }  # fmt: skip
    found: dict[str, Any] = {key: None if value is None else str(value) for key, value in said.items()}
    named = Titles.load().name(row.title, row.level) if row.title and row.level else None
    return found | {"title": named, "division": row.division and row.division.code, "publicity_only": row.publicity_only, "label_year": row.label_year}


def given(words: Sequence[str]) -> tuple[ListDefaults, Answers]:
    """The words of the command as the program takes them."""
    said, at = dict[str, str](), 0
    while at < len(words):
        alone = at + 1 == len(words) or words[at + 1].startswith("--")
        said[words[at]] = "" if alone else words[at + 1]
        at += 1 if alone else 2
    read = lambda key, make: make(said[key]) if key in said else None  # noqa: E731
    defaults = ListDefaults(
        read("--title", str), read("--level", Level), read("--type", Kind), read("--document", str), read("--number", DocumentNumber.parse),
        read("--date", date.fromisoformat), read("--batch", str), read("--label-year", int), read("--division", Division.parse),
    )  # fmt: skip
    return defaults, Answers(from_heading="--from-heading" in said, accept_fixes="--accept-fixes" in said)


def as_table(one: L) -> Table:
    rows = tuple(Row(number, tuple(Decimal(str(cell)) if isinstance(cell, float) else cell for cell in row)) for number, row in enumerate(one.rows, start=1) if any(cell is not None for cell in row))
    return Table("名单.xlsx", one.sheet, (one.sheet,), rows, (), tuple(map(area, one.merges)))


def area(text: str) -> Merge:
    left, top, right, bottom = re.fullmatch(r"([A-Z]+)(\d+):([A-Z]+)(\d+)", text).groups()
    return Merge(int(top), column_number(left), int(bottom), column_number(right))


HEADINGS_OF = {
    Field.NAME: """企业（单位）名称|企 业 名 称|企业名称（盖章）|企业注册名称|营业执照名称|获评企业|被认定单位名称|承担单位|申报主体|“小巨人”企业|专精特新企业|制造业单项冠军示范企业名称
        企业名称 Company Name|2024年认定企业|一、企业名称|1.企业名称|企业名称*|企业名录|入选名单|企业中文名称|获认定的企业名称|被表彰企业|培育企业名称|公共服务平台名称|创业创新示范基地名称""",
    Field.CODE: "统一社会信用代码（18位）|统一社会信用\n代码|统一社会信用代码/组织机构代码|纳税人识别号（统一社会信用代码）|统一社会信用代码*",
    Field.REGION: "所属县（市、区）|县、市、区|所在县（市、区）|所属县市区（功能区）|企业所在县（市、区）|所 在 地",
    Field.CITY: "设区市|市别|所在市", Field.PROVINCE: "省别|省（自治区、直辖市）",
    None: "法定代表人|联系人|企业简称|注册地址|组织机构代码|营业执照号|主管部门|企业规模|评审得分|行业类别|Company",
}  # fmt: skip


@pytest.mark.parametrize(("label", "held"), [(label.strip(), held) for held, some in HEADINGS_OF.items() for label in re.split(r"\||\n {8}", some)])
def test_a_heading_as_offices_write_it_is_understood(label, held):
    assert meaning(label) is held


@pytest.mark.parametrize("label", ["运营主体", "建设运营单位", "申报单位", "依托单位", "承建单位", "主办单位", "法人单位名称", "运营管理机构", "基地运营公司名称", "企业名称"])
@pytest.mark.parametrize("listed", ["基地名称", "公共服务平台名称", "平台名称"])
def test_who_runs_a_platform_stands_beside_its_name(listed, label):
    rows = [["序号", listed, label, "县区"], [1, "玉山示例创业园", F("甲"), Y]]
    (row,) = parse_list(as_table(L("", rows, {})), given(BASE)[0], Titles.load(), TODAY).rows
    assert (row.name, row.operator, row.errors) == ("玉山示例创业园", F("甲"), ())


@pytest.mark.parametrize("labels", [["序号", "变更前企业名称", "变更后企业名称"], ["序号", "原企业名称", "现企业名称"], ["序号", "法定代表人", "县区"]])
def test_a_list_without_the_names_of_those_recognised_is_refused(labels):
    with pytest.raises(BadFile, match="没有找到企业名称"):
        parse_list(as_table(L("", [labels, [1, F("甲"), F("乙")]], {})), given(WHOLE)[0], Titles.load(), TODAY)


INNOCENT = ["江西示例铜业股份有限公司", "上饶市示例光电科技有限公司", "江西示例光学仪器有限公司", "玉山县示例轴承有限公司", "江西示例新能源汽车零部件有限公司", "晶示例能源有限公司", "江西省示例茶业集团有限公司", "上饶示例仪器厂", "江西示例·ABC科技有限公司", "婺源县示例茶叶专业合作社", "江西示例（上饶）实业有限公司", "示例（江西）生物科技股份有限公司", "德兴市示例矿冶有限责任公司", "江西3E示例电子科技有限公司", "江西示例2000机械有限公司", "江西示例公示标牌有限公司", "江西示例取消机器人有限公司", "江西示例合计量仪有限公司", "上饶来源示例水务有限公司", "江西培育示例种业有限公司", "江西示例复审软件有限公司", "横峰县示例申报科技有限公司", "江西示例推荐人力资源有限公司", "鄱阳县示例期满食品有限公司", "万年县示例注塑有限公司", "余干县示例单位圆科技有限公司", "江西示例时间仪表有限公司", "江西示例日期食品有限公司", "弋阳县示例电话器材有限公司", "江西示例经办电子有限公司", "铅山县示例附件五金有限公司", "上饶市示例联系科技有限公司", "江西南昌示例上饶分厂", "江西浙江示例商会实业有限公司", "江西示例创新型材料有限公司", "江西示例龙头企业管理有限公司", "江西示例绿色工厂建设有限公司", "江西示例智能制造有限公司", "江西示例节水科技有限公司", "江西首台示例装备有限公司", "上饶市示例知识产权服务有限公司", "江西示例质量标杆检测有限公司", "江西示例高新技术企业孵化有限公司", "江西优秀新产品示例设计有限公司", "江西示例后备电源有限公司", "江西种子示例科技有限公司", "江西示例储备粮有限公司", "玉山县失效示例分析有限公司", "江西示例终止剂化工有限公司", "江西示例作废票据回收有限公司", "江西示例不予科技有限公司"]


def test_words_of_status_and_feet_inside_names_and_descriptions_are_no_more_than_names():
    rows = [[number, name, code(5000 + number), ("玉山县", "铅山县", "德兴市", "上饶经开区", "广丰区")[number % 5]] for number, name in enumerate(INNOCENT)]
    more = ["主要产品", "所属行业", "联系人", "注册地址", "主营业务", "营业收入（万元）", "备注", "认定批次", "有效期"]
    told = ["复审软件、公示栏", "推荐用件制造", "张三", None, "延续件", 12000, None, "第六批", "2024年6月3日至2027年6月2日"]
    whole = [["2024年江西省专精特新中小企业名单"], [*HEAD, *more], *[[*row, *told] for row in rows]]
    for strange in (L("", whole, {}), L("", [ONE, *[[name] for name in INNOCENT]], {}, (*WHOLE, "--division", Y)), L("", [["县区", "企业名称"], *[[row[3], row[1]] for row in rows]], {})):
        found = parse_list(as_table(strange), given(strange.words)[0], Titles.load(), TODAY)
        assert [row.name for row in found.rows] == INNOCENT
        assert [(row.name, row.errors, row.warnings) for row in found.rows if row.errors or row.warnings or row.outside or row.publicity_only] == []


@pytest.mark.parametrize("cell", ["{code}{name}", "{code} {name}", "统一社会信用代码：{code}，{name}", "（{code}）{name}", "{code}\n{name}", "{name}{code}"])
@pytest.mark.parametrize("fits", [True, False])
def test_a_code_in_the_cell_of_the_name_is_told_wherever_it_stands(cell, fits):
    written = C("甲") if fits else C("甲")[:-1] + ("X" if C("甲")[-1] != "X" else "Y")
    (row,) = parse_list(as_table(L("", [N2, [1, cell.format(code=written, name=F("甲")), Y]], {})), given(WHOLE)[0], Titles.load(), TODAY).rows
    assert (row.name, row.fixes, len(row.errors)) == (F("甲"), int(fits), 1) and f"代码 {written}" in row.errors[0]


@pytest.mark.parametrize("zone", ["南昌高新区", "宜春经济技术开发区", "鹰潭工业园"])
@pytest.mark.parametrize(("words", "status"), [((*WHOLE, "--division", Y), "error"), (WHOLE, "not_ours")])
def test_a_zone_of_another_city_is_that_citys(zone, words, status):
    (row,) = parse_list(as_table(L("", [["企业名称", "园区"], [F("甲"), zone]], {})), given(words)[0], Titles.load(), TODAY).rows
    assert is_right(row, status) and zone in "".join((row.outside, *row.errors))


def test_what_is_taken_from_the_whole_file_is_not_said_to_be_wanting():
    rows = [["企业名称", "园区", "认定日期"], [F("甲"), "城西工业园", "2024年"]]
    for words, division, day, said in (
        ((*WHOLE, "--division", Y), "361123", "2024-06-03", ("按玉山县登记", "认定日期按全表的2024年6月3日登记")),
        (SRDI, None, None, ("请导入后补充所属地区", "认定日期请导入后补充")),
    ):
        (row,) = parse_list(as_table(L("", rows, {})), given(words)[0], Titles.load(), TODAY).rows
        assert (taken(row)["division"], taken(row)["document_date"], row.errors) == (division, day, ())
        told = "".join(row.warnings)
        assert [one for one in said if one not in told] == [] and told.count("导入后补充") == (0 if day else 3)


MIXED = [
    "关于公布第六批专精特新“小巨人”企业和通过复核的第三批专精特新“小巨人”企业名单的通知", "第六批专精特新“小巨人”企业和第三批复核通过企业名单", "2024年专精特新中小企业认定和复核通过名单",
    "2024年专精特新中小企业认定、复核名单", "通过复核和认定的专精特新中小企业名单", "2024年专精特新中小企业认定（复核）名单", "江西省工业和信息化厅关于公布专精特新中小企业及通过复核企业名单的通知",
]  # fmt: skip
REVIEWS = [
    "江西省工业和信息化厅关于公布专精特新中小企业复核通过名单的通知", "专精特新中小企业和专精特新“小巨人”企业复核通过名单", "2024年专精特新中小企业名单（复核）",
    "关于公布通过复核的第三批专精特新“小巨人”企业名单的通知", "2024年专精特新中小企业通过复核和再次认定名单",
]  # fmt: skip


@pytest.mark.parametrize("words", [("--from-heading", "--title", "srdi_sme", "--level", "省级", *PAPER), NOKIND])
def test_a_headline_of_the_new_and_the_reviewed_decides_nothing_of_a_row(words):
    head = [*HEAD, "类别"]
    for headline in MIXED:
        plain = parse_list(as_table(L("", [[headline], HEAD, r(1, "甲")], {})), given(words)[0], Titles.load(), TODAY, answers=given(words)[1])
        assert plain.rows[0].kind is None and "请补充“认定类型”" in "".join(plain.rows[0].errors), headline
        assert "kind" not in [one.field for one in plain.proposals]
        rows = [[headline], head, r(1, "甲", "认定"), r(2, "乙", "复核"), r(3, "丙", None)]
        found = parse_list(as_table(L("", rows, {})), given(words)[0], Titles.load(), TODAY, answers=given(words)[1]).rows
        assert [(row.kind, "认定类型" in "".join(row.errors)) for row in found] == [(Kind.NEW, False), (Kind.REVIEW, False), (None, True)], headline


@pytest.mark.parametrize("headline", REVIEWS)
def test_a_headline_of_reviews_alone_is_one(headline):
    assert Kind.NEW not in said_in(headline).kinds and said_in(headline).kinds


def test_a_heading_of_both_kinds_is_asked_about_whatever_was_given():
    (row,) = parse_list(as_table(L("", [HEAD, ["一、认定和复核通过企业"], r(1, "甲")], {})), given(WHOLE)[0], Titles.load(), TODAY).rows
    assert row.kind is None and "写有不止一种" in row.errors[0]


PLACED = {F("甲"): {"division": "361181"}, F("乙"): {"division": "361123"}, F("丙"): "error"}
DIVIDED = [  # what the two rows of the header say, what stands in the rows behind the code, what is right
    (("所在地", None, None), ("省", "市", "县"), PLACED),
    (("所在地", None, None), ("省份", "设区市", "县（市、区）"), PLACED),
    (("企业所属地区", None, None, "联系方式", None), ("省", "市", "县", "姓名", "电话"), PLACED),
    (("有效期", None, "所在地", None, None), ("起", "止", "省", "市", "县"), {F("甲"): {"division": "361181", **V}, F("乙"): {"division": "361123", **V}, F("丙"): "error"}),
]


@pytest.mark.parametrize("merged", [False, True])
@pytest.mark.parametrize(("upper", "lower", "right"), DIVIDED)
def test_columns_divided_in_a_second_row_are_read_whether_merged_or_not(upper, lower, right, merged):
    told = {"省": "江西省", "省份": "江西省", "起": "2024-06-03", "止": "2027-06-02", "姓名": "张三", "电话": "13800000000"}
    rows = [["序号", "企业名称", "统一社会信用代码", *upper], [None, None, None, *lower]]
    for number, (x, city, county) in enumerate((("甲", "上饶市", "德兴市"), ("乙", "上饶市", "玉山县"), ("丙", "南昌市", "南昌县")), start=1):
        rows.append([number, F(x), C(x), *[told.get(label) or (city if "市" in label[:3] and "县" not in label else county) for label in lower]])
    starts = [at for at, label in enumerate(upper) if label]
    across = [f"{column_letter(4 + at)}1:{column_letter(3 + end)}1" for at, end in zip(starts, [*starts[1:], len(upper)], strict=True)]
    merges = ["A1:A2", "B1:B2", "C1:C2", *across] if merged else []
    found = parse_list(as_table(L("", rows, {}, merges=merges)), given((*WHOLE, "--division", Y))[0], Titles.load(), TODAY)
    assert (found.header_row, [row.name for row in found.rows]) == (2, list(right))
    assert [(row.name, row.errors) for row in found.rows if not is_right(row, right[row.name])] == []


def test_a_row_without_a_name_under_columns_without_texts_is_no_header():
    rows = [["序号", "企业名称", "统一社会信用代码", "所在地", None, None], [None, None, None, "江西省", "上饶市", "德兴市"], [1, F("甲"), C("甲"), "江西省", "上饶市", "德兴市"]]
    found = parse_list(as_table(L("", rows, {})), given(WHOLE)[0], Titles.load(), TODAY)
    assert found.header_row == 1 and found.rows[-1].name == F("甲")


def test_a_text_over_three_columns_is_of_the_province_the_city_and_the_county():
    rows = [["企业名称", "所在地"], *[[F(x), "江西省", city, county] for x, city, county in (("甲", "上饶市", "德兴市"), ("乙", "上饶市", "玉山县"), ("丙", "上饶市", "铅山县"))]]
    found = parse_list(as_table(L("", rows, {})), given((*WHOLE, "--division", Y))[0], Titles.load(), TODAY).rows
    assert [(row.division.code, row.errors) for row in found] == [("361181", ()), ("361123", ()), ("361124", ())]


@pytest.mark.parametrize("label", ["企业所在地详细地址", "坐落", "生产经营场所", "注册地址"])
def test_an_address_elsewhere_is_held_against_the_place_of_the_whole_file(label):
    addresses = ["江西省上饶市玉山县冰溪镇1号", "浙江省衢州市常山县1号", "德兴市银城街道2号", "工业园区3号", None]
    rows = [["企业名称", label], *[[F(x), address] for x, address in zip(LETTERS, addresses, strict=False)]]
    found = parse_list(as_table(L("", rows, {})), given((*WHOLE, "--division", Y))[0], Titles.load(), TODAY).rows
    assert [bool(row.errors) for row in found] == [False, True, True, False, False]
    assert "全表的所属地区“玉山县”不符" in found[1].errors[0]
    alone = parse_list(as_table(L("", [rows[0], rows[2]], {})), given((*WHOLE, "--division", Y))[0], Titles.load(), TODAY).rows
    assert alone[0].errors


@pytest.mark.parametrize(("label", "text"), [("控股股东", "浙江省示例集团有限公司"), ("荣誉奖励", "浙江省驰名商标2件"), ("主营", "南昌市轨道交通零部件")])
def test_what_is_no_address_is_not_held_against_the_place(label, text):
    (row,) = parse_list(as_table(L("", [["企业名称", label], [F("甲"), text]], {})), given((*WHOLE, "--division", Y))[0], Titles.load(), TODAY).rows
    assert row.errors == ()
