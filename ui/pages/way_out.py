"""Where a refusal is put right that another page has to deal with first, so that the sentence leads there."""

from functools import partial

from ui.page import Page
from ui.pages.award_words import CHANGED
from ui.widgets.banner import Banner
from zjtx_desktop.usecases.overview import UNCONFIRMED

_UNCONFIRMED = "受益财政"
_NOT_YET = "还没有确认"


def way_out(sentence: str) -> tuple[str, str, object] | None:
    """What leads on from a refusal: the words of the button, the page, and what is wanted there; None for most."""
    if CHANGED in sentence:
        return "到“奖补”页重新测算", "rounds", None
    if _UNCONFIRMED in sentence and _NOT_YET in sentence:
        return "到“企业”页确认", "organisations", UNCONFIRMED
    return None


def say(page: Page, banner: Banner, tone: str, sentence: str) -> None:
    """Say something over a page, with the way out where it is a refusal that has one."""
    found = way_out(sentence) if tone == "error" else None
    if found:
        words, where, wanted = found
        banner.say(tone, sentence, words, partial(page.wants_page.emit, where, wanted))
    else:
        banner.say(tone, sentence)
