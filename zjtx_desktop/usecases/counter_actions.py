"""What to do instead where 撤销 cannot: for every act that has left its mark, the act that puts it right."""

from collections.abc import Mapping
from types import MappingProxyType

from zjtx_desktop.domain.ledger import EntryKind
from zjtx_desktop.domain.states import Event
from zjtx_desktop.storage.undo import Fixed

_SEND_BACK = "要改的，由复核、审批人员在“办理”页“退回”，从初审重新办理"
_OF_EVENTS: Mapping[str, str] = MappingProxyType(
    {
        Event.VOID: "作废不能收回，确实要发的重新测算，另发一笔（更正）",
        Event.REVOKE: "撤销认定不能收回，缴回的款项在“拨付”页“登记追回”",
        Event.RECOVER: "追回的款项登记错了，另行登记，不改原来的",
        Event.BOUNCE: "款项可以在“拨付”页重新“登记拨付”",
        Event.PAY: "款项没有付出的，在“拨付”页“登记退回”",
        Event.ARCHIVE: "归档不能收回；款项退票的在“拨付”页“登记退回”，认定撤销的“撤销认定追回”",
        Event.ISSUE: "要收回的，在“奖补”页“作废”，文号保留",
        Event.EXAMINE: _SEND_BACK,
        Event.REVIEW: _SEND_BACK,
        Event.PUBLISH: _SEND_BACK,
        Event.WAIVE: _SEND_BACK,
        Event.CLEAR: _SEND_BACK,
        Event.APPROVE: _SEND_BACK,
        Event.SEND_BACK: "从初审重新办理就可以",
        Event.PAYEE_CHANGED: "改回原来的账户也要从初审重新办理",
        Event.REDIRECT: "账户登记错了的，由经办改正，审批人员再办一次“变更收款账户”",
        Event.EXCLUDE: "由另一人在“办理”页“恢复办理”",
        Event.READMIT: "可以在“办理”页再登记为“不予奖励”",
    }
)
_OF_KINDS: Mapping[str, str] = MappingProxyType(
    {
        EntryKind.PAID: _OF_EVENTS[Event.PAY],
        EntryKind.RETURNED: _OF_EVENTS[Event.BOUNCE],
        EntryKind.RECOVERED: _OF_EVENTS[Event.RECOVER],
        EntryKind.REQUESTED: "台账只增不改；多申请的，按批复的金额登记“市级批复”",
        EntryKind.APPROVED: "台账只增不改；多登记的，按到账的金额登记“市级到账”，差额“核减”",
        EntryKind.ARRIVED: "台账只增不改；请核对收款凭证，多登记的不要拨付，联系审批人员写明情况",
        EntryKind.VOIDED: "核减不能收回，整笔作废以后可以另发一笔（更正）",
    }
)
_OF_TABLES: Mapping[str, str] = MappingProxyType(
    {
        "objection": "登记答复，写明情况；已经答复的，另登记一条异议",
        "credit_check": "重新登记一次核查，以最近一次为准",
        "notice": _SEND_BACK,
        "notice_item": _SEND_BACK,
        "budget": "在“拨付”页重新“登记预算”，原来的留在修改记录里",
        "submission": "更正以后重新导出，每次导出都有记录",
        "document": _OF_EVENTS[Event.ISSUE],
        "person": "在“设置”页的“人员”里修改",
        "root_key": "请系统管理员再更换一次恢复码",
        "root_share": "请系统管理员再更换一次恢复码",
        "certificate": "在“设置”页的“人员”里修改",
        "consent": "两个人同意过的，要改的再由两个人办一次",
        "round": "在“奖补”页“解除锁定”，名单就可以再改",
        "round_item": "在“奖补”页“解除锁定”，名单就可以再改",
        "manual_amount": "另定一个金额，或者取消手工金额，原来的留在修改记录里",
        "year_closing": "确有必要的，由系统管理员和审批人员重新打开这个年度",
        "carry_over": "在结转来的批次里办理，或者登记为不予奖励",
        "award_step": _SEND_BACK,
        "ledger_entry": "台账只增不改，在“拨付”页用相反的登记更正",
    }
)
_OTHERWISE = "请在记录上直接更正"


def instead(fixed: Fixed) -> str:
    """Which act puts right what cannot be taken back; one sentence without its end."""
    for words, names in ((_OF_EVENTS, fixed.words), (_OF_KINDS, fixed.words), (_OF_TABLES, fixed.tables)):
        if found := next((said for name, said in words.items() if name in names), ""):
            return found
    return _OTHERWISE


def known_tables() -> frozenset[str]:
    """The tables whose actions have a counter-action of their own."""
    return frozenset(_OF_TABLES)


def known_words() -> frozenset[str]:
    """The events and kinds of entries that have one."""
    return frozenset((*_OF_EVENTS, *_OF_KINDS))
