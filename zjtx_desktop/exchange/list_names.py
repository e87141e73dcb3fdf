"""What a name cell holds besides the name: numbers, footnote marks, former names, codes; one reading or a doubt."""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from zjtx_desktop.errors import BadValue
from zjtx_desktop.exchange.headings import Field, meaning
from zjtx_desktop.exchange.list_words import alternatives, words
from zjtx_desktop.exchange.statements import hint_in, said_in, status_of
from zjtx_desktop.values import MOST_NOTE, CreditCode, Division, clean_name, parse_date

_NUMBER = re.compile(r"([（(]\s*\d{1,4}\s*[）)]|\d{1,4}\s*[）)]|(?:№|[Nn][Oo]\.?)\s*\d{1,4}[.、．\s]*|\d{1,4}\s*[、.．]|\d{1,4}\s+|[①-⑳]|[一二三四五六七八九十]{1,3}、)\s*(?=[一-鿿（(A-Za-z])")
_MARKS = "*＊※★☆▲△●◆#¹²³⁴⁵⁶⁷⁸⁹"
_TRAILING = re.compile(rf"([{_MARKS}]+|[①-⑳]+|\[\d{{1,2}}\]|[（(]注?[\d①-⑳{_MARKS}]{{1,2}}[）)]|[（(\[【〔]注\d{{0,2}}[）)\]】〕])$")
_LEADING = re.compile(rf"[{_MARKS}]+")
_RARE = re.compile("囗{3,}")  # so many rare letters in a row come of a wrong encoding
_GAP = re.compile(r"(?<=[一-鿿（）()])[ \u3000]+(?=[一-鿿（）()])")
_LONG_FIRM = re.compile("(有限责任公司|有限公司)(?!.*(有限责任公司|有限公司))")
_GENERIC = re.compile("(科技|实业|工贸|商贸|贸易|发展|制造|电子|机械|新材料|控股|投资)*")
_CODE = re.compile(r"[\s（(,，:：、/|]*(?:统一社会信用代码|社会信用代码|信用代码|代码)?\s*[:：]?\s*([0-9A-Z]{18})\s*[）)]?$")
_CODE_AHEAD = re.compile(r"[（(]?(?:统一社会信用代码|社会信用代码|信用代码|代码)?\s*[:：]?\s*([0-9A-Z]{18})[\s（()），,：:、/|]*(?=[一-鿿])")
_BRACKET = re.compile(r"[（(]((?:[^（）()]|[（(][^（）()]*[）)])*)[）)]$")
_FORMER = re.compile("(原名|曾用名|更名前|变更前|前身|旧名|原)(企业名称|单位名称|名称|名|是|为|系|[:：])*")
_LATER = re.compile("(现|已)?(更名|变更|改名)(为|成)|现名|现为|现用名")
_KEPT = re.compile("有限合伙|普通合伙|特殊普通合伙|合伙|个人独资|集团|筹|中国|全国|.{0,6}(公司|分公司|厂|店)")
_MORE = re.compile("等[\\s\\d一二三四五六七八九十]*[家户个]|等(企业|公司|单位|机构)?$")
_LABEL = re.compile(r"([^:：]{2,16})[:：]\s*(?=.)")
_SEAL = re.compile("(请?加?盖|单位|企业|公司|法人)*(公章|盖章|印章|签章|签字|章)[处页]?")
_GARBLED = re.compile("[?？_＿]|[\ufffd□■〓▯▢◻]|[○◯]{2,}|(?<![一二三四五六七八九])〇{2,}(?![一二三四五六七八九])|(?<![A-Za-z])[XxＸｘ×]{2,4}(?![A-Za-z])|缺字|&#?\\w{2,8};|锟斤拷|烫烫|屯屯|[\ue000-\uf8ff]")
_FOREIGN = re.compile("[\u0080-\u00b6\u00b8-\u00d6\u00d8-\u00ff\u0152\u0160\u0178\u017d\u0192\u02c6\u2020-\u2022\u2030\u20ac\u2122]")
_AMOUNT = re.compile(r"[\d\s.,，%元万亿千百十家户个名条]+")


@dataclass(frozen=True, slots=True)
class Name:
    """A name cell taken apart. `doubt` says why it cannot be taken; with a `fix`, what is read here is the proposal."""

    text: str
    former: str = ""
    code: str = ""
    marks: str = ""
    tail: str = ""  # what a bracket behind the name says of the status
    place: Division | None = None
    said: tuple[str, ...] = ()
    doubt: str = ""
    fix: bool = False


def read_name(text: str) -> Name:
    """The name in a cell; BadValue when it is empty or has signs that nobody sees."""
    if _plain().fullmatch(text) and text.count("公司") < 2 and not (_GARBLED.search(text) or _and_more().search(text) or _place_before().match(text)):
        return Name(text)
    lines = [line for line in (part.strip() for part in text.split("\n")) if line]
    firms = [line for line in lines if _firm_end().search(line)]
    whole = " ".join(lines) if _CODE.search(_wide(lines[-1] if lines else "")) else "".join(lines)
    name = _without_gaps(clean_name(whole, most=MOST_NOTE), len(firms))
    if _is_garbled(name.text):
        return replace(name, doubt=f"名称“{name.text}”有乱码或没有显示出来的字，请按原件重新填写。")
    for step in (_without_stops, _without_number, _without_label, _without_marks, _without_code, _without_brackets, _without_marks):
        name = step(name)
    if len(firms) > 1 or _two_firms().search(name.text):
        return replace(name, doubt=f"“{name.text}”写了不止一家单位，请一家一行填写。")
    if found := _MORE.search(name.text) or _and_more().search(name.text):
        return replace(name, doubt=f"“{name.text}”写有“{found[0]}”，是几家单位，请一家一行填写。")
    if found := _place_before().match(name.text):
        name = _said(name, f"名称前的“{found[0]}”是不是名称的一部分，请按营业执照核对。")
    return replace(name, doubt=name.doubt or _no_name(name.text) or _behind(name.text))


def has_body(name: str) -> bool:
    """Whether a name says what kind of body it is: 公司, 厂, 合作社, 园, 平台."""
    return bool(_bodies().search(_BRACKET.sub("", name)))


def is_firm(name: str) -> bool:
    """Whether a name ends as those of firms do."""
    return bool(_firm_end().search(name))


def _without_gaps(text: str, firms: int) -> Name:
    """A name without spaces between its letters: 江西 示例 有限公司 has one reading where it is but one firm."""
    shut = _GAP.sub("", text)
    if shut == text or firms > 1 or _two_firms().search(text) or shut.count("公司") > 1:
        return Name(text)
    return _said(Name(shut), f"名称“{text}”里的空格已去掉。")


def _without_stops(name: Name) -> Name:
    text = name.text.rstrip("。．.；;，,、：: ")
    if text == name.text or "。" in text or not is_firm(text):
        return name
    return _said(replace(name, text=text), f"名称后的“{name.text[len(text):]}”不是名称，已去掉。")


def _without_number(name: Name) -> Name:
    found = _NUMBER.match(name.text)
    if not found:
        return name
    return _said(replace(name, text=name.text[found.end() :]), f"名称前的“{found[0].strip()}”是编号，已去掉。")


def _without_label(name: Name) -> Name:
    """企业名称： before the name itself; any heading of names is one."""
    found = _LABEL.match(name.text)
    if not found or meaning(found[1]) is not Field.NAME:
        return name
    return _said(replace(name, text=name.text[found.end() :]), f"名称前的“{found[0].strip()}”是栏目名，已去掉。")


def _without_marks(name: Name) -> Name:
    text, marks = name.text, name.marks
    if found := _LEADING.match(text):
        text, marks = text[found.end() :].lstrip(), marks + found[0]
    while found := _TRAILING.search(text):
        text, marks = text[: found.start()].rstrip(), marks + found[0]
    if text == name.text or not text:
        return name
    return _said(replace(name, text=text, marks=marks), f"名称旁的“{marks}”是脚注标记，已去掉，请核对表下的说明。")


def _without_code(name: Name) -> Name:
    """The name without a code behind it or before it."""
    wide = _wide(name.text)
    if found := _CODE.search(wide):
        text = name.text[: found.start()].strip()
    elif found := _CODE_AHEAD.match(wide):
        text = name.text[found.end() :].strip()
    if not found or not text:
        return name
    doubt = f"名称和代码写在一格：名称“{text}”，代码 {found[1]}。请核对后分开填写。"
    good = bool(CreditCode.one_reading(found[1]))
    return replace(name, text=text, code=found[1] if good else "", doubt=doubt, fix=good)


def _without_brackets(name: Name) -> Name:
    found = _BRACKET.search(name.text)
    if not found or not (text := name.text[: found.start()].strip()):
        return name
    inside = found[1].strip()
    if former := _FORMER.match(inside):
        before = inside[former.end() :].strip()
        if len(before) < 4:
            return replace(name, doubt=f"名称里的“{found[0]}”看不懂，请只填写现在的名称。")
        return _said(replace(name, text=text, former=before), f"名称里写着原名“{before}”，只作核对，不作名称。")
    if _LATER.search(inside):
        return replace(name, text=text, doubt=f"“{text}{found[0]}”写了两个名称，请只填写现在的名称。")
    if _SEAL.fullmatch(inside) and has_body(text):
        return _said(replace(name, text=text), f"名称后的“{found[0]}”不是名称，已去掉。")
    status = status_of(inside)
    if status.stopped or status.kinds or status.proposed or hint_in(inside):
        return _said(replace(name, text=text, tail=inside), f"名称后的“{found[0]}”不是名称，已去掉。")
    about = said_in(inside)
    if about.titles or about.refusal or about.level:
        return replace(name, text=text, doubt=f"名称后的“{found[0]}”写着称号或级别，请核对后只填写名称。")
    if (about.year or about.batch) and is_firm(text):
        return _said(replace(name, text=text, tail=inside), f"名称后的“{found[0]}”不是名称，已去掉。")
    if (place := _place(inside)) and has_body(text):
        return _said(replace(name, text=text, place=place), f"名称后的“{found[0]}”是地区，不作名称。")
    if is_firm(text) and not _KEPT.fullmatch(inside):
        return _said(name, f"名称后的“{found[0]}”是不是名称的一部分，请核对。")
    return name


def _place(text: str) -> Division | None:
    try:
        return Division.parse(text)
    except BadValue:
        return None


def _no_name(text: str) -> str:
    """Why this is the name of nobody: an amount, a date, a sentence, or a part of a name."""
    if "*" in text or "＊" in text:
        return f"名称“{text}”有遮去的字，请按原件填写全称。"
    if text.count("（") + text.count("(") != text.count("）") + text.count(")"):
        return f"名称“{text}”的括号不成对，请按原件填写全称。"
    if "…" in text or ".." in text:
        return f"名称“{text}”没有写全，请按原件填写全称。"
    if (end := _firm_end().search(text)) and _GENERIC.fullmatch(text[: end.start()]):
        return f"“{text}”只是名称的后半部分，请按原件填写全称。"
    if _AMOUNT.fullmatch(text):
        return f"“{text}”不是单位名称，请核对各列内容是否错位。"
    if "。" in text or len(text) > 80:
        return f"“{text[:30]}…”是一段话，不是单位名称，请核对。"
    try:
        parse_date(text)
    except BadValue:
        return ""
    return f"“{text}”是日期，不是单位名称，请核对各列内容是否错位。"


def _behind(text: str) -> str:
    """Why what stands behind a firm's name makes it doubtful: a telephone, 注, a bracket that tells something."""
    found = _LONG_FIRM.search(text)
    rest = text[found.end() :] if found else ""
    told = _BRACKET.search(rest)
    if told and re.search("[:：；;]", told[1]):
        return f"名称后的“{told[0]}”不像名称的一部分，请只填写单位名称。"
    rest = _BRACKET.sub("", rest).strip()
    if rest and not _bodies().search(rest):
        return f"名称里“有限公司”之后的“{rest[:20]}”不像名称的一部分，请只填写单位名称。"
    return ""


def _said(name: Name, sentence: str) -> Name:
    return replace(name, said=(*name.said, sentence))


def _is_garbled(text: str) -> bool:
    """Question marks and boxes for letters that were lost, or letters read in the wrong encoding."""
    if _GARBLED.search(text) or len(_FOREIGN.findall(text)) >= 2:
        return True
    if _RARE.search("".join("一" if _in_daily_use(letter) else "囗" for letter in text)):
        return True
    try:
        text.encode("gb2312")
        return False  # letters in daily use; what comes of a wrong encoding is not
    except UnicodeEncodeError:
        written = text.encode("gb18030", "replace")
    try:
        return written.decode("utf-8") != text and not text.isascii()
    except UnicodeDecodeError as error:
        return error.start >= max(6, len(written) - 4)


@lru_cache(4096)
def _in_daily_use(letter: str) -> bool:
    try:
        letter.encode("gb2312")
    except UnicodeEncodeError:
        return not "一" <= letter <= "鿿"
    return True


def _wide(text: str) -> str:
    return unicodedata.normalize("NFKC", text).upper() if len(unicodedata.normalize("NFKC", text)) == len(text) else text


@cache
def _plain() -> re.Pattern[str]:
    """Nearly every name: no sign in it, and at its end what firms end in."""
    return re.compile(f"[一-鿿][一-鿿0-9A-Za-z]{{2,40}}(?:{alternatives(words('bodies')['firms'])})")


@cache
def _firm_end() -> re.Pattern[str]:
    return re.compile(f"(?:{alternatives(words('bodies')['firms'])})(?:[（(][^（）()]*[）)])?$")


@cache
def _two_firms() -> re.Pattern[str]:
    firms = alternatives(words("bodies")["firms"])
    return re.compile(f"有限(?:责任)?公司.{{2,}}有限(?:责任)?公司|(?:{firms})\\s*[、，,;；/|]\\s*[一-鿿].*(?:{firms})")


@cache
def _and_more() -> re.Pattern[str]:
    """A firm together with its subsidiaries: several, whoever they are."""
    theirs = "(?:其|所属|下属|旗下|全资|控股|参股|关联|各|子|分|孙|分支)+(?:公司|企业|单位|机构|厂)"
    return re.compile(f"(?<=[司社厂团）)])(?:及|和|与|暨|以及|、|，|,|[（(]含|含){theirs}[）)]?$")


@cache
def _place_before() -> re.Pattern[str]:
    """A place before a name that begins with the province or the city itself: 玉山县江西…有限公司."""
    counties = alternatives(one.name for one in Division.all() if not one.is_city)
    gap = "[\\s:：·—-]*"
    return re.compile(f"(?:江西省)?(?:上饶市)?(?:{counties}){gap}(?=江西|上饶)|(?:江西省)?上饶市{gap}(?=江西)")


@cache
def _bodies() -> re.Pattern[str]:
    found = words("bodies")["words"]
    long, short = [one for one in found if len(one) > 1], [one for one in found if len(one) == 1]
    return re.compile(f"(?:{alternatives(long)})|[{''.join(short)}]$")
