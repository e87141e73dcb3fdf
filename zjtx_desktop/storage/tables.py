"""The columns of the book. Rows are only columns: text became a value at the edge, before it came here.

Every table has an integer `id` that is never used twice, because the history names rows by it.
Money is whole 分 (`…_fen`), a date is a `date`, a division is its code, a JSON text is canonical.
"""

from datetime import date

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel


class Setting(SQLModel, table=True):
    """One fact about the book and its office: division, name, contact, prefix of document numbers."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    value: str


class Organisation(SQLModel, table=True):
    """A legal person, or a base that is none, under one identity with all its names."""

    id: int | None = Field(default=None, primary_key=True)
    credit_code: str | None = Field(default=None, unique=True)
    code_reason: str | None = None  # why a code with a wrong check digit was kept
    name: str = Field(index=True)
    folded: str = Field(index=True)
    division: str | None = Field(default=None, index=True)
    is_company: bool | None = None
    payee_name: str | None = None
    payee_bank: str | None = None
    payee_account: str | None = None
    contact: str | None = None
    phone: str | None = None
    note: str | None = None
    initials: str | None = None  # of the name and the former names in pinyin, for the search box


class FormerName(SQLModel, table=True):
    """A name the organisation bore before; lists and searches find it by either."""

    __tablename__ = "former_name"
    __table_args__ = (UniqueConstraint("organisation_id", "folded"),)
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    name: str
    folded: str = Field(index=True)


class Beneficiary(SQLModel, table=True):
    """A treasury that receives tax of the organisation, with its share, the evidence for it, and who confirmed it."""

    __table_args__ = (UniqueConstraint("organisation_id", "division"), CheckConstraint("weight > 0"))
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    division: str = Field(index=True)
    weight: int
    evidence: str
    confirmed: bool = False
    confirmed_by: str | None = None
    confirmed_on: date | None = None


class Recognition(SQLModel, table=True):
    """One title given to one organisation by one document. `cohort` tells two of a kind apart.

    Every column that its list sorts or filters by has an index: at a million rows 0.2 s instead of 2 to 6.
    """

    __table_args__ = (UniqueConstraint("organisation_id", "title", "level", "kind", "cohort"),)
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    title: str = Field(index=True)
    level: str = Field(index=True)
    kind: str = Field(index=True)
    cohort: str
    listed_name: str
    batch: str | None = Field(default=None, index=True)
    label_year: int | None = Field(default=None, index=True)
    document_title: str | None = None
    document_number: str | None = Field(default=None, index=True)
    document_date: date | None = Field(default=None, index=True)
    publicity_only: bool = False
    valid_from: date | None = Field(default=None, index=True)
    valid_to: date | None = Field(default=None, index=True)
    operator: str | None = None
    product: str | None = None
    certificate: str | None = None
    note: str | None = None
    import_id: int | None = Field(default=None, foreign_key="list_import.id", index=True)
    title_type: str | None = None  # 平台 or 基地, where the list says the merged national title


class ListImport(SQLModel, table=True):
    """A list that was taken over: which file, how many rows."""

    __tablename__ = "list_import"
    id: int | None = Field(default=None, primary_key=True)
    file_name: str
    sha256: str
    row_count: int


class Pack(SQLModel, table=True):
    """The very text of a policy pack that a round was computed with; never changed, never removed."""

    id: int | None = Field(default=None, primary_key=True)
    pack_id: str
    sha256: str = Field(unique=True)
    content: str


class Round(SQLModel, table=True):
    """An annual batch: its list is locked, then computed with a frozen pack and frozen choices."""

    __table_args__ = (UniqueConstraint("year", "name"),)
    id: int | None = Field(default=None, primary_key=True)
    year: int
    name: str
    state: str
    every_division: bool = False
    pack_row: int | None = Field(default=None, foreign_key="pack.id")
    choices: str | None = None
    follows_id: int | None = Field(default=None, foreign_key="round.id")  # the round whose unpaid awards it carries on


class RoundItem(SQLModel, table=True):
    """A recognition on the locked list of a round."""

    __tablename__ = "round_item"
    __table_args__ = (UniqueConstraint("round_id", "recognition_id"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="round.id")
    recognition_id: int = Field(foreign_key="recognition.id", index=True)


class Award(SQLModel, table=True):
    """The stored judgement on one recognition, with everything it rested on."""

    __table_args__ = (
        CheckConstraint("beneficiary_fen >= 0 AND municipal_fen >= 0", name="award_not_negative"),
        CheckConstraint("typeof(beneficiary_fen) = 'integer' AND typeof(municipal_fen) = 'integer'", name="award_whole_fen"),
        Index("award_live", "recognition_id", unique=True, sqlite_where=text("state <> 'voided'")),
    )
    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(unique=True)
    round_id: int = Field(foreign_key="round.id", index=True)
    recognition_id: int = Field(foreign_key="recognition.id")
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    state: str
    verdict: str
    award_year: int | None = None
    beneficiary_fen: int
    municipal_fen: int
    facts: str
    reasons: str
    warnings: str
    questions: str
    matched: str
    void_reason: str | None = None
    by_policy_fen: int | None = None  # what the policy gives, where a person set another amount (人工核定)
    uncapped_fen: int | None = None  # the beneficiary part before the cap, where the cap reduced it (封顶)
    payee_name: str | None = None  # frozen when the award is reviewed (复核): what was approved is what is paid
    payee_bank: str | None = None
    payee_account: str | None = None


class AwardPart(SQLModel, table=True):
    """What one treasury pays of an award, and by which rule."""

    __tablename__ = "award_part"
    __table_args__ = (
        UniqueConstraint("award_id", "position"),
        CheckConstraint("fen >= 0 AND typeof(fen) = 'integer'", name="part_whole_fen"),
    )
    id: int | None = Field(default=None, primary_key=True)
    award_id: int = Field(foreign_key="award.id")
    position: int
    payer: str
    division: str
    fen: int
    rule: str
    clause: str


class Decision(SQLModel, table=True):
    """What a person decided where the policy is silent, for one recognition, with the reason."""

    __table_args__ = (UniqueConstraint("recognition_id", "question"),)
    id: int | None = Field(default=None, primary_key=True)
    recognition_id: int = Field(foreign_key="recognition.id")
    question: str
    award: bool
    reason: str
    by_name: str
    about: str | None = None  # JSON: what was asked about; what comes to it later is asked anew


class ManualAmount(SQLModel, table=True):
    """What a person set one treasury's part of a recognition to (人工核定), why, and by which document."""

    __tablename__ = "manual_amount"
    __table_args__ = (
        UniqueConstraint("recognition_id", "payer", "division"),
        CheckConstraint("fen > 0 AND typeof(fen) = 'integer'", name="manual_whole_fen"),
    )
    id: int | None = Field(default=None, primary_key=True)
    recognition_id: int = Field(foreign_key="recognition.id")
    payer: str
    division: str
    fen: int
    reason: str
    document: str
    by_name: str


class Content(SQLModel, table=True):
    """Bytes kept in the book, an issued PDF or a scan, under their SHA-256."""

    id: int | None = Field(default=None, primary_key=True)
    sha256: str = Field(unique=True)
    size: int
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Document(SQLModel, table=True):
    """An issued document: its gapless number, what was on it, and the very bytes."""

    __table_args__ = (UniqueConstraint("kind", "year", "serial"),)
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    year: int
    serial: int
    number: str = Field(unique=True)
    round_id: int = Field(foreign_key="round.id", index=True)
    award_id: int | None = Field(default=None, foreign_key="award.id", index=True)
    issued_on: date
    total_fen: int
    pages: int
    snapshot: str
    content_id: int = Field(foreign_key="content.id")
    voided: bool = False


class Printing(SQLModel, table=True):
    """One time an issued document left the book again."""

    __table_args__ = (UniqueConstraint("document_id", "nth"),)
    id: int | None = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id")
    nth: int


class Submission(SQLModel, table=True):
    """A workbook that went to the city, with its control figures."""

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="round.id")
    file_name: str
    sha256: str
    awards: int
    beneficiary_fen: int
    municipal_fen: int
    head: str


class Person(SQLModel, table=True):
    """Somebody who may work on this book, with duties, and the sealed key that only the password opens."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    roles: str
    active: bool = True
    public_key: str
    salt: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    sealed_key: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    sealed_times: int = 1
    password_on: date
    must_change: bool = True
    failures: int = 0
    locked_until: str | None = None
    box_key: str | None = None  # X25519, made from the person's own key: what only this person can open is sealed to it


class KeySlot(SQLModel, table=True):
    """The book's secret under one person's password; a copy of it lies in the key file beside the book."""

    __tablename__ = "key_slot"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    salt: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class RootKey(SQLModel, table=True):
    """The office's root key, which certifies its persons; its private half is sealed, and never stands in the history.

    `by_code` opens with the 恢复码, `by_shares` with as many shares as `needed`, dealt for the `dealt`-th time.
    """

    __tablename__ = "root_key"
    id: int | None = Field(default=None, primary_key=True)
    public_key: str
    needed: int
    dealt: int
    by_shares: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    by_code: bytes | None = Field(default=None, sa_column=Column(LargeBinary))


class RootShare(SQLModel, table=True):
    """One person's share of what opens the root key, sealed to that person's `box_key`."""

    __tablename__ = "root_share"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    dealt: int
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Certificate(SQLModel, table=True):
    """What the root key says of a person from this action on: duties, keys, whether in office. Added, never changed."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(index=True)
    roles: str
    active: bool
    public_key: str
    box_key: str | None = None
    signature: str


class Consent(SQLModel, table=True):
    """A second person's agreement to what an action did, or the reason why there was none. Added, never changed."""

    id: int | None = Field(default=None, primary_key=True)
    deed: str
    about: str  # JSON: what was agreed to
    second: str | None = None
    reason: str | None = None
    signature: str | None = None


class Finding(SQLModel, table=True):
    """Something that a check found wrong; the book can only be read until it is accepted, and it is never forgotten."""

    id: int | None = Field(default=None, primary_key=True)
    sentence: str = Field(unique=True)
    consent_id: int | None = Field(default=None, foreign_key="consent.id")


class Denial(SQLModel, table=True):
    """Something a person tried and was not allowed to do."""

    id: int | None = Field(default=None, primary_key=True)
    person: str
    deed: str
    why: str


class AwardStep(SQLModel, table=True):
    """One step of an award on its way: who took it, when, with what opinion, and the signature over it."""

    __tablename__ = "award_step"
    __table_args__ = (UniqueConstraint("award_id", "position"),)
    id: int | None = Field(default=None, primary_key=True)
    award_id: int = Field(foreign_key="award.id")
    position: int
    event: str
    from_state: str
    to_state: str
    person: str
    on_date: date
    opinion: str
    document: str | None = None
    fen: int
    signature: str | None = None  # over this step alone; since actions are signed whole, None
    digest: str | None = None  # SHA-256 over the award as it stood at this step, and over the step before


class CreditCheck(SQLModel, table=True):
    """What a look-up of an organisation's credit and of the departments showed, on which day, from where."""

    __tablename__ = "credit_check"
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    on_date: date
    source: str
    clean: bool
    finding: str | None = None
    by_name: str


class Notice(SQLModel, table=True):
    """A public notice (公示) of awards: from its first day, over so many working days, to its last."""

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="round.id", index=True)
    starts: date
    days: int
    ends: date
    channel: str
    late_reason: str | None = None  # why it was entered after its first day (补登)


class NoticeItem(SQLModel, table=True):
    """An award on a public notice."""

    __tablename__ = "notice_item"
    __table_args__ = (UniqueConstraint("notice_id", "award_id"),)
    id: int | None = Field(default=None, primary_key=True)
    notice_id: int = Field(foreign_key="notice.id")
    award_id: int = Field(foreign_key="award.id", index=True)


class Objection(SQLModel, table=True):
    """An objection to an award on public notice, and the answer to it."""

    id: int | None = Field(default=None, primary_key=True)
    notice_id: int = Field(foreign_key="notice.id")
    award_id: int = Field(foreign_key="award.id", index=True)
    received_on: date
    by_whom: str
    content: str
    answered_on: date | None = None
    answer: str | None = None
    upheld: bool | None = None


class Budget(SQLModel, table=True):
    """What a treasury has set aside for a round, by which document."""

    __table_args__ = (
        UniqueConstraint("round_id", "payer", "division"),
        CheckConstraint("fen >= 0 AND typeof(fen) = 'integer'", name="budget_whole_fen"),
    )
    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="round.id")
    payer: str
    division: str
    fen: int
    basis: str


class LedgerEntry(SQLModel, table=True):
    """One movement of the money of one part of an award; entries are added, never changed.

    `key` is made before the write, so that the same deed done twice is one entry or an error.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        UniqueConstraint("part_id", "kind", "nth"),
        CheckConstraint("fen > 0 AND typeof(fen) = 'integer'", name="entry_whole_fen"),
    )
    id: int | None = Field(default=None, primary_key=True)
    part_id: int = Field(foreign_key="award_part.id")
    kind: str
    nth: int
    fen: int
    on_date: date
    voucher: str | None = None
    reason: str | None = None
    by_name: str
    key: str = Field(unique=True)
    payee_name: str | None = None  # to whom, as frozen on the award
    payee_bank: str | None = None
    payee_account: str | None = None


class YearClosing(SQLModel, table=True):
    """A year that was closed (年度结账); opened again it stays as it was, and closing anew is another row."""

    __tablename__ = "year_closing"
    __table_args__ = (Index("year_closed", "year", unique=True, sqlite_where=text("reopened_on IS NULL")),)
    id: int | None = Field(default=None, primary_key=True)
    year: int
    closed_by: str
    closed_on: date
    asked_by: str | None = None
    asked_on: date | None = None
    reason: str | None = None
    reopened_by: str | None = None
    reopened_on: date | None = None
    note: str | None = None


class CarryOver(SQLModel, table=True):
    """A part of an unfinished award is carried on in a round of the next year (结转): a link, not a copy.

    `fen` was payable then; entries of the ledger after `after_entry` belong to the round it was carried to.
    """

    __tablename__ = "carry_over"
    __table_args__ = (
        UniqueConstraint("part_id", "round_id"),
        CheckConstraint("fen >= 0 AND typeof(fen) = 'integer'", name="carried_whole_fen"),
    )
    id: int | None = Field(default=None, primary_key=True)
    part_id: int = Field(foreign_key="award_part.id")
    from_round_id: int = Field(foreign_key="round.id")
    round_id: int = Field(foreign_key="round.id", index=True)
    fen: int
    after_entry: int
    on_date: date
    by_name: str


class PastAward(SQLModel, table=True):
    """An award paid before this program (历史): it counts as an earlier one and passes no approval."""

    __tablename__ = "past_award"
    __table_args__ = (
        UniqueConstraint("organisation_id", "title", "level", "award_year", "source"),
        CheckConstraint("beneficiary_fen >= 0 AND typeof(beneficiary_fen) = 'integer'", name="past_beneficiary_whole_fen"),
        CheckConstraint("municipal_fen >= 0 AND typeof(municipal_fen) = 'integer'", name="past_municipal_whole_fen"),
    )
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    title: str
    level: str
    award_year: int
    beneficiary_fen: int
    municipal_fen: int
    source: str


class Attachment(SQLModel, table=True):
    """A scan kept with a record of another table; removing it leaves its bytes in `content`."""

    __table_args__ = (UniqueConstraint("subject_table", "subject_id", "content_id"),)
    id: int | None = Field(default=None, primary_key=True)
    subject_table: str
    subject_id: int
    file_name: str
    content_id: int = Field(foreign_key="content.id")


class Action(SQLModel, table=True):
    """One thing a person did: who, when, what; sealed with a hash over all its changes."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    title: str
    by_name: str
    at: str
    undoes: int | None = Field(default=None, foreign_key="action.id")
    hash: str | None = None
    signature: str | None = None  # of its person over `hash`, by the key held then


class Change(SQLModel, table=True):
    """One row before and after, written by the book itself, never by a use case."""

    __table_args__ = (Index("change_row", "table_name", "row_id"),)
    id: int | None = Field(default=None, primary_key=True)
    action_id: int = Field(foreign_key="action.id", index=True)
    table_name: str
    row_id: int
    before: str | None = None
    after: str | None = None
