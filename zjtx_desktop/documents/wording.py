"""The fixed Chinese wording of the award letter in one place, and the characters every letter shares.

The fields in braces are filled by `letter.py`. `characters()` tells `fonts.py` which glyphs belong
to the base subset that is compressed once and reused in every file.
"""

from string import Formatter

TITLE = "关于拨付{year}年度认定奖励资金的通知"
DRAFT = "草稿"
UNNUMBERED = "（草稿，未编号）"
UNDATED = "　　年　月　日"
ADDRESSEE = "{name}："
POLICY = "{policy}（{number}）{clause}"
AND = "和"
LEGAL = "根据{policies}的规定，你单位{on}{by}{kind}{title}，符合{year}年度奖励条件。"
CODE = "（统一社会信用代码：{code}）"
ON = "于{date}"
BY = "经{document}（{number}）"
BY_TITLE_ONLY = "经{document}"
KINDS = {"新认定": "新认定为", "复核": "通过复核，认定为", "再次认定": "再次认定为"}
KIND_ELSE = "认定为"
GRANT = "经审定，现将{year}年度认定奖励资金拨付你单位{code}，金额{amount}元（大写：{capitals}），"
ONE_PART = "由{payer}（{treasury}）承担{basis}。"
BASIS = "，依据为{clause}"
TWO_PARTS = "其中：{parts}。"
PART = "{payer}（{treasury}）承担{amount}元{basis}"
MANY_PARTS = "各级财政承担情况如下："
PAYEE = "上述资金的收款单位为{payee}（运营单位）。"
BY_HAND = "，人工核定"  # ends the clause of a part whose amount a person set
SET = "，金额为人工核定"
REPLACES = "本通知印发后，原{number}作废。"
DUTY = "请你单位规范核算和使用奖励资金，自觉接受财政、审计等部门的监督检查。"
CLOSING = "特此通知。"
NOTE = "（联系人及电话：{contact}）"
FOOT_AWARD = "奖补编号：{number}"
FOOT_CODE = "账簿校验码：{code}"
HEADINGS = ("序号", "资金来源", "承担财政", "金额（元）", "政策依据")
SUM = "合计（大写：{capitals}）"

_NUMERALS = "0123456789.〔〕号年月日人民币零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整"
_LATIN = "ABCDEFGHJKLMNPQRSTUVWXYZ-"
# Not fixed, but on nearly every letter: the policy, the recognising documents, names of offices and firms.
_COMMON = (
    "《》“”（）、，。：；受益市级财政省国家专精特新中小企业“小巨人”制造业单项冠军上饶市促进发展实施意见"
    "府办发赣工信企业字关于公布第批名单通知工业和信息化财政局县区一二三四五六七八九十条款项句"
    "江西有限责任公司股份科技"
)
_OFFICES = "上饶市县区工业和信息化财政局"


def _literal(template: str) -> str:
    return "".join(text for text, *_ in Formatter().parse(template))


def characters() -> dict[str, frozenset[str]]:
    """For each face, the characters of the fixed wording set in it."""
    sentences = ADDRESSEE + POLICY + AND + LEGAL + CODE + ON + BY + GRANT + ONE_PART + BASIS + TWO_PARTS + PART + MANY_PARTS
    body = _literal(sentences + PAYEE + SET + REPLACES + DUTY + CLOSING + NOTE + SUM) + "".join(KINDS.values())
    return {
        "GWFang": frozenset(body + UNNUMBERED + UNDATED + _NUMERALS + _LATIN + _COMMON),
        "GWTitle": frozenset(_literal(TITLE) + "0123456789" + _OFFICES),
        "GWSong": frozenset(_literal(FOOT_AWARD + FOOT_CODE) + "—0123456789" + _LATIN),
        "GWHei": frozenset("".join(HEADINGS) + DRAFT),
        "GWKai": frozenset(),
    }
