"""The steps that bring a book of any age to today's shape: plain SQL, never today's classes.

A book carries the number of steps it has had (`PRAGMA user_version`). Own steps and not Alembic, because
the check at start costs under 3 ms (Alembic 400 ms), because all steps of an upgrade are one transaction
(Alembic's default leaves half of a failed step behind), and because a shared server would begin empty
and be filled from a book, for which the tables in `tables.py` are enough on any database.
"""

APPLICATION_ID = 0x7A6A7478  # "zjtx", by which a file is known as a book

FIRST_BOOK = """
CREATE TABLE action (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    "key" TEXT NOT NULL,
    title TEXT NOT NULL,
    by_name TEXT NOT NULL,
    at TEXT NOT NULL,
    undoes INTEGER,
    hash TEXT,
    UNIQUE ("key"),
    FOREIGN KEY(undoes) REFERENCES action (id)
);
CREATE TABLE content (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    data BLOB NOT NULL,
    UNIQUE (sha256)
);
CREATE TABLE list_import (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    row_count INTEGER NOT NULL
);
CREATE TABLE organisation (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    credit_code TEXT,
    code_reason TEXT,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    division TEXT,
    is_company BOOLEAN,
    payee_name TEXT,
    payee_bank TEXT,
    payee_account TEXT,
    contact TEXT,
    phone TEXT,
    note TEXT,
    UNIQUE (credit_code)
);
CREATE INDEX ix_organisation_division ON organisation (division);
CREATE INDEX ix_organisation_folded ON organisation (folded);
CREATE INDEX ix_organisation_name ON organisation (name);
CREATE TABLE pack (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pack_id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    content TEXT NOT NULL,
    UNIQUE (sha256)
);
CREATE TABLE setting (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    "key" TEXT NOT NULL,
    value TEXT NOT NULL,
    UNIQUE ("key")
);
CREATE TABLE beneficiary (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organisation_id INTEGER NOT NULL,
    division TEXT NOT NULL,
    weight INTEGER NOT NULL,
    evidence TEXT NOT NULL,
    confirmed BOOLEAN NOT NULL,
    UNIQUE (organisation_id, division),
    CHECK (weight > 0),
    FOREIGN KEY(organisation_id) REFERENCES organisation (id)
);
CREATE INDEX ix_beneficiary_division ON beneficiary (division);
CREATE TABLE change (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    action_id INTEGER NOT NULL,
    table_name TEXT NOT NULL,
    row_id INTEGER NOT NULL,
    "before" TEXT,
    "after" TEXT,
    FOREIGN KEY(action_id) REFERENCES action (id)
);
CREATE INDEX change_row ON change (table_name, row_id);
CREATE INDEX ix_change_action_id ON change (action_id);
CREATE TABLE former_name (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organisation_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    UNIQUE (organisation_id, folded),
    FOREIGN KEY(organisation_id) REFERENCES organisation (id)
);
CREATE INDEX ix_former_name_folded ON former_name (folded);
CREATE TABLE recognition (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organisation_id INTEGER NOT NULL,
    title TEXT NOT NULL,
    level TEXT NOT NULL,
    kind TEXT NOT NULL,
    cohort TEXT NOT NULL,
    listed_name TEXT NOT NULL,
    batch TEXT,
    label_year INTEGER,
    document_title TEXT,
    document_number TEXT,
    document_date DATE,
    publicity_only BOOLEAN NOT NULL,
    valid_from DATE,
    valid_to DATE,
    operator TEXT,
    product TEXT,
    certificate TEXT,
    note TEXT,
    import_id INTEGER,
    UNIQUE (organisation_id, title, level, kind, cohort),
    FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    FOREIGN KEY(import_id) REFERENCES list_import (id)
);
CREATE INDEX ix_recognition_batch ON recognition (batch);
CREATE INDEX ix_recognition_document_date ON recognition (document_date);
CREATE INDEX ix_recognition_document_number ON recognition (document_number);
CREATE INDEX ix_recognition_import_id ON recognition (import_id);
CREATE INDEX ix_recognition_kind ON recognition (kind);
CREATE INDEX ix_recognition_label_year ON recognition (label_year);
CREATE INDEX ix_recognition_level ON recognition (level);
CREATE INDEX ix_recognition_title ON recognition (title);
CREATE INDEX ix_recognition_valid_from ON recognition (valid_from);
CREATE INDEX ix_recognition_valid_to ON recognition (valid_to);
CREATE TABLE round (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    year INTEGER NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    every_division BOOLEAN NOT NULL,
    pack_row INTEGER,
    choices TEXT,
    UNIQUE (year, name),
    FOREIGN KEY(pack_row) REFERENCES pack (id)
);
CREATE TABLE award (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    number TEXT NOT NULL,
    round_id INTEGER NOT NULL,
    recognition_id INTEGER NOT NULL,
    organisation_id INTEGER NOT NULL,
    state TEXT NOT NULL,
    verdict TEXT NOT NULL,
    award_year INTEGER,
    beneficiary_fen INTEGER NOT NULL,
    municipal_fen INTEGER NOT NULL,
    facts TEXT NOT NULL,
    reasons TEXT NOT NULL,
    warnings TEXT NOT NULL,
    questions TEXT NOT NULL,
    matched TEXT NOT NULL,
    void_reason TEXT,
    CONSTRAINT award_not_negative CHECK (beneficiary_fen >= 0 AND municipal_fen >= 0),
    CONSTRAINT award_whole_fen CHECK (typeof(beneficiary_fen) = 'integer' AND typeof(municipal_fen) = 'integer'),
    UNIQUE (number),
    FOREIGN KEY(round_id) REFERENCES round (id),
    FOREIGN KEY(recognition_id) REFERENCES recognition (id),
    FOREIGN KEY(organisation_id) REFERENCES organisation (id)
);
CREATE UNIQUE INDEX award_live ON award (recognition_id) WHERE state <> 'voided';
CREATE INDEX ix_award_organisation_id ON award (organisation_id);
CREATE INDEX ix_award_round_id ON award (round_id);
CREATE TABLE decision (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    recognition_id INTEGER NOT NULL,
    question TEXT NOT NULL,
    award BOOLEAN NOT NULL,
    reason TEXT NOT NULL,
    by_name TEXT NOT NULL,
    UNIQUE (recognition_id, question),
    FOREIGN KEY(recognition_id) REFERENCES recognition (id)
);
CREATE TABLE round_item (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    round_id INTEGER NOT NULL,
    recognition_id INTEGER NOT NULL,
    UNIQUE (round_id, recognition_id),
    FOREIGN KEY(round_id) REFERENCES round (id),
    FOREIGN KEY(recognition_id) REFERENCES recognition (id)
);
CREATE INDEX ix_round_item_recognition_id ON round_item (recognition_id);
CREATE TABLE submission (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    round_id INTEGER NOT NULL,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    awards INTEGER NOT NULL,
    beneficiary_fen INTEGER NOT NULL,
    municipal_fen INTEGER NOT NULL,
    head TEXT NOT NULL,
    FOREIGN KEY(round_id) REFERENCES round (id)
);
CREATE TABLE award_part (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    award_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    payer TEXT NOT NULL,
    division TEXT NOT NULL,
    fen INTEGER NOT NULL,
    rule TEXT NOT NULL,
    clause TEXT NOT NULL,
    UNIQUE (award_id, position),
    CONSTRAINT part_whole_fen CHECK (fen >= 0 AND typeof(fen) = 'integer'),
    FOREIGN KEY(award_id) REFERENCES award (id)
);
CREATE TABLE document (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    year INTEGER NOT NULL,
    serial INTEGER NOT NULL,
    number TEXT NOT NULL,
    round_id INTEGER NOT NULL,
    award_id INTEGER,
    issued_on DATE NOT NULL,
    total_fen INTEGER NOT NULL,
    pages INTEGER NOT NULL,
    snapshot TEXT NOT NULL,
    content_id INTEGER NOT NULL,
    voided BOOLEAN NOT NULL,
    UNIQUE (kind, year, serial),
    UNIQUE (number),
    FOREIGN KEY(round_id) REFERENCES round (id),
    FOREIGN KEY(award_id) REFERENCES award (id),
    FOREIGN KEY(content_id) REFERENCES content (id)
);
CREATE INDEX ix_document_award_id ON document (award_id);
CREATE INDEX ix_document_round_id ON document (round_id);
CREATE TABLE printing (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document_id INTEGER NOT NULL,
    nth INTEGER NOT NULL,
    UNIQUE (document_id, nth),
    FOREIGN KEY(document_id) REFERENCES document (id)
);
"""

PEOPLE_AND_PROCESS = """
CREATE TABLE person (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    roles TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    public_key TEXT NOT NULL,
    salt BLOB NOT NULL,
    sealed_key BLOB NOT NULL,
    sealed_times INTEGER NOT NULL,
    password_on DATE NOT NULL,
    must_change BOOLEAN NOT NULL,
    failures INTEGER NOT NULL,
    locked_until TEXT,
    UNIQUE (name)
);
CREATE TABLE denial (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person TEXT NOT NULL,
    deed TEXT NOT NULL,
    why TEXT NOT NULL
);
CREATE TABLE award_step (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    award_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    event TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    person TEXT NOT NULL,
    on_date DATE NOT NULL,
    opinion TEXT NOT NULL,
    document TEXT,
    fen INTEGER NOT NULL,
    signature TEXT,
    UNIQUE (award_id, position),
    FOREIGN KEY(award_id) REFERENCES award (id)
);
CREATE TABLE credit_check (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organisation_id INTEGER NOT NULL,
    on_date DATE NOT NULL,
    source TEXT NOT NULL,
    clean BOOLEAN NOT NULL,
    finding TEXT,
    by_name TEXT NOT NULL,
    FOREIGN KEY(organisation_id) REFERENCES organisation (id)
);
CREATE INDEX ix_credit_check_organisation_id ON credit_check (organisation_id);
CREATE TABLE notice (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    round_id INTEGER NOT NULL,
    starts DATE NOT NULL,
    days INTEGER NOT NULL,
    ends DATE NOT NULL,
    channel TEXT NOT NULL,
    FOREIGN KEY(round_id) REFERENCES round (id)
);
CREATE INDEX ix_notice_round_id ON notice (round_id);
CREATE TABLE notice_item (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    notice_id INTEGER NOT NULL,
    award_id INTEGER NOT NULL,
    UNIQUE (notice_id, award_id),
    FOREIGN KEY(notice_id) REFERENCES notice (id),
    FOREIGN KEY(award_id) REFERENCES award (id)
);
CREATE INDEX ix_notice_item_award_id ON notice_item (award_id);
CREATE TABLE objection (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    notice_id INTEGER NOT NULL,
    award_id INTEGER NOT NULL,
    received_on DATE NOT NULL,
    by_whom TEXT NOT NULL,
    content TEXT NOT NULL,
    answered_on DATE,
    answer TEXT,
    upheld BOOLEAN,
    FOREIGN KEY(notice_id) REFERENCES notice (id),
    FOREIGN KEY(award_id) REFERENCES award (id)
);
CREATE INDEX ix_objection_award_id ON objection (award_id);
CREATE TABLE budget (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    round_id INTEGER NOT NULL,
    payer TEXT NOT NULL,
    division TEXT NOT NULL,
    fen INTEGER NOT NULL,
    basis TEXT NOT NULL,
    UNIQUE (round_id, payer, division),
    CONSTRAINT budget_whole_fen CHECK (fen >= 0 AND typeof(fen) = 'integer'),
    FOREIGN KEY(round_id) REFERENCES round (id)
);
CREATE TABLE ledger_entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    part_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    nth INTEGER NOT NULL,
    fen INTEGER NOT NULL,
    on_date DATE NOT NULL,
    voucher TEXT,
    reason TEXT,
    by_name TEXT NOT NULL,
    "key" TEXT NOT NULL,
    UNIQUE (part_id, kind, nth),
    CONSTRAINT entry_whole_fen CHECK (fen > 0 AND typeof(fen) = 'integer'),
    FOREIGN KEY(part_id) REFERENCES award_part (id),
    UNIQUE ("key")
);
CREATE TABLE past_award (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organisation_id INTEGER NOT NULL,
    title TEXT NOT NULL,
    level TEXT NOT NULL,
    award_year INTEGER NOT NULL,
    beneficiary_fen INTEGER NOT NULL,
    municipal_fen INTEGER NOT NULL,
    source TEXT NOT NULL,
    UNIQUE (organisation_id, title, level, award_year, source),
    CONSTRAINT past_beneficiary_whole_fen CHECK (beneficiary_fen >= 0 AND typeof(beneficiary_fen) = 'integer'),
    CONSTRAINT past_municipal_whole_fen CHECK (municipal_fen >= 0 AND typeof(municipal_fen) = 'integer'),
    FOREIGN KEY(organisation_id) REFERENCES organisation (id)
);
CREATE TABLE attachment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subject_table TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    file_name TEXT NOT NULL,
    content_id INTEGER NOT NULL,
    UNIQUE (subject_table, subject_id, content_id),
    FOREIGN KEY(content_id) REFERENCES content (id)
);
ALTER TABLE organisation ADD COLUMN initials TEXT;
"""

KEYS_AND_CLOSING = """
CREATE TABLE key_slot (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    salt BLOB NOT NULL,
    sealed BLOB NOT NULL,
    UNIQUE (name)
);
CREATE TABLE manual_amount (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    recognition_id INTEGER NOT NULL,
    payer TEXT NOT NULL,
    division TEXT NOT NULL,
    fen INTEGER NOT NULL,
    reason TEXT NOT NULL,
    document TEXT NOT NULL,
    by_name TEXT NOT NULL,
    UNIQUE (recognition_id, payer, division),
    CONSTRAINT manual_whole_fen CHECK (fen > 0 AND typeof(fen) = 'integer'),
    FOREIGN KEY(recognition_id) REFERENCES recognition (id)
);
CREATE TABLE year_closing (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    year INTEGER NOT NULL,
    closed_by TEXT NOT NULL,
    closed_on DATE NOT NULL,
    asked_by TEXT,
    asked_on DATE,
    reason TEXT,
    reopened_by TEXT,
    reopened_on DATE,
    note TEXT
);
CREATE UNIQUE INDEX year_closed ON year_closing (year) WHERE reopened_on IS NULL;
CREATE TABLE carry_over (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    part_id INTEGER NOT NULL,
    from_round_id INTEGER NOT NULL,
    round_id INTEGER NOT NULL,
    fen INTEGER NOT NULL,
    after_entry INTEGER NOT NULL,
    on_date DATE NOT NULL,
    by_name TEXT NOT NULL,
    UNIQUE (part_id, round_id),
    CONSTRAINT carried_whole_fen CHECK (fen >= 0 AND typeof(fen) = 'integer'),
    FOREIGN KEY(part_id) REFERENCES award_part (id),
    FOREIGN KEY(from_round_id) REFERENCES round (id),
    FOREIGN KEY(round_id) REFERENCES round (id)
);
CREATE INDEX ix_carry_over_round_id ON carry_over (round_id);
ALTER TABLE award ADD COLUMN by_policy_fen INTEGER;
ALTER TABLE award ADD COLUMN uncapped_fen INTEGER;
ALTER TABLE round ADD COLUMN follows_id INTEGER REFERENCES round (id);
"""

CONFIRMED_TREASURIES = """
ALTER TABLE beneficiary ADD COLUMN confirmed_by TEXT;
ALTER TABLE beneficiary ADD COLUMN confirmed_on DATE;
ALTER TABLE recognition ADD COLUMN title_type TEXT;
ALTER TABLE decision ADD COLUMN about TEXT;
"""

SIGNED_ACTIONS = """
ALTER TABLE award ADD COLUMN payee_name TEXT;
ALTER TABLE award ADD COLUMN payee_bank TEXT;
ALTER TABLE award ADD COLUMN payee_account TEXT;
ALTER TABLE award_step ADD COLUMN digest TEXT;
ALTER TABLE ledger_entry ADD COLUMN payee_name TEXT;
ALTER TABLE ledger_entry ADD COLUMN payee_bank TEXT;
ALTER TABLE ledger_entry ADD COLUMN payee_account TEXT;
ALTER TABLE person ADD COLUMN box_key TEXT;
ALTER TABLE notice ADD COLUMN late_reason TEXT;
ALTER TABLE action ADD COLUMN signature TEXT;
CREATE TABLE root_key (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_key TEXT NOT NULL,
    needed INTEGER NOT NULL,
    dealt INTEGER NOT NULL,
    by_shares BLOB NOT NULL,
    by_code BLOB
);
CREATE TABLE root_share (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    dealt INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    UNIQUE (name)
);
CREATE TABLE certificate (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    roles TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    public_key TEXT NOT NULL,
    box_key TEXT,
    signature TEXT NOT NULL
);
CREATE INDEX ix_certificate_name ON certificate (name);
CREATE TABLE consent (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    deed TEXT NOT NULL,
    about TEXT NOT NULL,
    second TEXT,
    reason TEXT,
    signature TEXT
);
CREATE TABLE finding (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sentence TEXT NOT NULL,
    consent_id INTEGER,
    UNIQUE (sentence),
    FOREIGN KEY(consent_id) REFERENCES consent (id)
);
"""

STEPS = (FIRST_BOOK, PEOPLE_AND_PROCESS, KEYS_AND_CLOSING, CONFIRMED_TREASURIES, SIGNED_ACTIONS)
