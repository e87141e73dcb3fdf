"""The file (案卷) of one award: the steps taken, its notice and objections, the credit check, what it replaces."""

import json
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from zjtx_desktop.domain.states import AwardState
from zjtx_desktop.errors import NotFound
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import notices
from zjtx_desktop.usecases.credit import CheckLine, checks
from zjtx_desktop.usecases.notices import NoticeView
from zjtx_desktop.usecases.process import StepLine, steps
from zjtx_desktop.usecases.frozen_basis import frozen


@dataclass(frozen=True, slots=True)
class AwardFile:
    """`check` is the credit check that counts; `questions` what waits for a decision, in words; `replaces` and `replaced_by` are awards of the same recognition."""

    steps: tuple[StepLine, ...]
    notice: NoticeView | None
    check: CheckLine | None
    has_account: bool
    replaces: tuple[str, ...]
    replaced_by: str
    questions: tuple[str, ...]


def award_file(session: Session, award_number: str) -> AwardFile:
    """Everything that was done with an award; NotFound when it is gone."""
    a = tables.Award
    row = session.scalars(select(a).where(col(a.number) == award_number)).first()
    if row is None:
        raise NotFound(f"没有编号为 {award_number} 的奖补，可能已重新测算。请刷新后再试。")
    twins = session.execute(
        select(a.number, a.state, a.id).where(col(a.recognition_id) == row.recognition_id, col(a.id) != row.id)
    ).all()
    organisation = session.get_one(tables.Organisation, row.organisation_id)
    return AwardFile(
        steps=steps(session, row.id or 0),
        notice=notices.of_award(session, award_number),
        check=next(iter(checks(session, row.organisation_id)), None),
        has_account=bool(organisation.payee_bank and organisation.payee_account),
        replaces=tuple(
            number for number, state, twin in twins if state == AwardState.VOIDED and twin < (row.id or 0)
        ),
        replaced_by=next(
            (
                number
                for number, _, twin in twins
                if row.state == AwardState.VOIDED and twin > (row.id or 0)
            ),
            "",
        ),
        questions=_questions(session, row),
    )


def _questions(session: Session, row: tables.Award) -> tuple[str, ...]:
    asked = json.loads(row.questions)
    switches = frozen(session, row.round_id)[0].switches if asked else {}
    return tuple(switches[each].label if each in switches else each for each in asked)


def place_of(session: Session, award_id: int) -> tuple[int, AwardState] | None:
    """The round an award is in and its state; None when it is gone."""
    row = session.get(tables.Award, award_id)
    return (row.round_id, AwardState(row.state)) if row else None
