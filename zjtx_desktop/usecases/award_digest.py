"""What a step fixes of an award: a digest over all that it is, where its money goes, and over the step before.

It is made alike from the rows as they are and from what the history says they were.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.judging import canonical

AMOUNTS = ("verdict", "beneficiary_fen", "municipal_fen", "by_policy_fen", "uncapped_fen", "matched")
PAYEE = ("payee_name", "payee_bank", "payee_account")
OTHERS = ("number", "recognition_id", "organisation_id", "round_id", "award_year", "facts", "reasons", "warnings", "questions")
PART = ("position", "payer", "division", "fen", "rule", "clause")
_AWARD = (*OTHERS, *AMOUNTS, *PAYEE)
p, r, k = tables.AwardPart, tables.Round, tables.Pack
_PARTS = select(*(getattr(p, name) for name in PART)).where(col(p.award_id) == bindparam("award"))
_BASIS = select(k.sha256, r.choices).select_from(r).outerjoin(k, col(r.pack_row) == k.id).where(col(r.id) == bindparam("round"))


def content(award: Mapping[str, Any], parts: Iterable[Mapping[str, Any]], pack: str | None, choices: str | None) -> str:
    """SHA-256 over an award as it stands, whatever its state: `pack` is the hash of the round's policy pack."""
    told = [
        [award.get(name) for name in _AWARD],
        sorted([part[name] for name in PART] for part in parts),
        pack,
        choices,
    ]
    return hashlib.sha256(canonical(told).encode()).hexdigest()


def digest(content_hash: str, before: str) -> str:
    """What a step bears: the award as it stood, and the digest of the step before, empty for the first."""
    return hashlib.sha256(f"{content_hash} {before}".encode()).hexdigest()


def content_now(session: Session, award: tables.Award) -> str:
    """`content` of the rows as they are; flush before."""
    parts = session.execute(_PARTS, {"award": award.id}).mappings()
    pack, choices = session.execute(_BASIS, {"round": award.round_id}).one()
    return content({name: getattr(award, name) for name in _AWARD}, parts.all(), pack, choices)
