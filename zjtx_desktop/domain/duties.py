"""Who may do what: the duties (岗位) of persons, and which of them one award needs apart (不相容岗位相互分离)."""

from enum import StrEnum


class Role(StrEnum):
    """A duty that a person of the book holds; one person may hold several, but not on one award."""

    CLERK = "clerk"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    PAYER = "payer"
    ADMIN = "admin"
    AUDITOR = "auditor"

    @property
    def label(self) -> str:
        """The word on the screen."""
        return _LABELS[self]


_LABELS = {
    Role.CLERK: "经办",
    Role.REVIEWER: "复核",
    Role.APPROVER: "审批",
    Role.PAYER: "支付",
    Role.ADMIN: "系统管理员",
    Role.AUDITOR: "审计员",
}
