"""Properties that hold for every judgement, whatever is recorded and chosen."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from made_facts import NATIONAL, PACK, PROVINCIAL, TITLES, facts

from zjtx_desktop.domain.choices import Choices, CountyAmount
from zjtx_desktop.domain.entitlement import Case, Decision, Earlier, Payer, Verdict, judge
from zjtx_desktop.domain.titles import Kind
from zjtx_desktop.values import ZERO, Division, Money, Share

COVERED = [(title.id, level) for title in TITLES.all for level in title.names]
MONEY = st.integers(min_value=0, max_value=50_000_000).map(Money)
RAISED = st.integers(min_value=10_000_000, max_value=60_000_000).map(Money)
MAYBE_DATE = st.none() | st.dates(min_value=date(2022, 1, 1), max_value=date(2029, 1, 1))
SHARES = st.lists(
    st.builds(Share, st.sampled_from(Division.all()), st.integers(min_value=1, max_value=100)),
    max_size=3,
    unique_by=lambda share: share.division,
).map(tuple)
CHOSEN = st.fixed_dictionaries(
    {name: st.sampled_from(sorted(switch.labels)) for name, switch in PACK.switches.items()}
)
OWN = st.lists(
    st.builds(lambda pair, amount: CountyAmount(*pair, amount, "依据"), st.sampled_from(COVERED), RAISED),
    max_size=4,
    unique_by=lambda own: (own.title, own.level),
)
CHOICES = st.builds(lambda switches, own: Choices.of(PACK, switches, own, {}, own), CHOSEN, OWN)
EARLIER = st.lists(
    st.builds(
        lambda pair, year, ours, city: Earlier(*pair, year, ours, city, "历史"),
        st.sampled_from(COVERED),
        st.integers(min_value=2022, max_value=2026),
        MONEY,
        MONEY,
    ),
    max_size=3,
)


@st.composite
def cases(draw):
    number = draw(st.integers(min_value=1, max_value=4))
    return tuple(Case(key, draw(some_facts()), draw(DECISIONS)) for key in range(number))


@st.composite
def some_facts(draw):
    title, level = draw(st.sampled_from(COVERED))
    return facts(
        title,
        level,
        kind=draw(st.sampled_from(Kind)),
        label_year=draw(st.none() | st.integers(min_value=2022, max_value=2028)),
        document_date=draw(MAYBE_DATE),
        valid_from=draw(MAYBE_DATE),
        publicity_only=draw(st.booleans()),
        shares=draw(SHARES),
        payee_is_company=draw(st.none() | st.booleans()),
        exclusions=draw(st.sampled_from([(), (), ("失信",)])),
    )


DECISIONS = st.lists(
    st.builds(Decision, st.sampled_from(["again", "rewarded_before"]), st.booleans(), st.just("理由")),
    max_size=2,
).map(tuple)


@settings(max_examples=150)
@given(cases(), EARLIER, CHOICES, st.randoms())
def test_the_same_records_always_give_the_same_judgement(several, before, choices, random):
    first = judge(several, before, PACK, choices)
    assert judge(several, before, PACK, choices) == first
    assert judge(random.sample(several, len(several)), before, PACK, choices) == first


@settings(max_examples=150)
@given(cases(), EARLIER, CHOICES)
def test_parts_are_positive_sum_exactly_and_belong_only_to_awards(several, before, choices):
    for key, result in judge(several, before, PACK, choices).items():
        assert all(part.amount > ZERO for part in result.parts)
        assert result.total == result.paid_by(Payer.BENEFICIARY) + result.paid_by(Payer.MUNICIPAL)
        assert bool(result.parts) == (result.verdict is Verdict.AWARD)
        assert {part.treasury for part in result.parts if part.payer is Payer.BENEFICIARY} <= {
            share.division for share in several[key].facts.shares
        }
        assert all(part.treasury.is_city for part in result.parts if part.payer is Payer.MUNICIPAL)


@settings(max_examples=150)
@given(cases(), EARLIER, CHOICES)
def test_every_judgement_explains_itself_in_sentences(several, before, choices):
    for result in judge(several, before, PACK, choices).values():
        assert result.reasons
        assert all(text.endswith("。") and "None" not in text for text in (*result.reasons, *result.warnings))
        assert bool(result.open_questions) <= (result.verdict is Verdict.UNDECIDED)


@settings(max_examples=100)
@given(cases(), EARLIER, CHOICES, st.sampled_from(COVERED), RAISED, RAISED)
def test_raising_the_floor_never_lowers_what_an_organisation_gets(several, before, choices, pair, low, more):
    others = tuple(own for own in choices.county_amounts if (own.title, own.level) != pair)
    lower, higher = (
        sum_of(several, before, with_amounts(choices, (*others, CountyAmount(*pair, amount, "依据"))))
        for amount in (low, low + more)
    )
    assert lower <= higher


def sum_of(several, before, choices):
    return Money.total(result.total for result in judge(several, before, PACK, choices).values())


def with_amounts(choices, own):
    return Choices.of(PACK, choices.switches, own, choices.bases, choices.review_amounts)


@settings(max_examples=100)
@given(cases(), CHOICES)
def test_highest_never_pays_more_than_each(several, choices):
    each, highest = (
        sum_of(several, (), replace(choices, switches={**choices.switches, "several_titles": value}))
        for value in ("each", "highest")
    )
    assert highest <= each


@given(st.sampled_from([PROVINCIAL, NATIONAL]), RAISED)
def test_a_complete_new_recognition_gets_exactly_its_floor_and_municipal_part(level, raised):
    choices = Choices.of(PACK, county_amounts=[CountyAmount("little_giant", level, raised, "依据")])
    result = judge((Case(1, facts("little_giant", level)),), (), PACK, choices)[1]
    assert result.paid_by(Payer.BENEFICIARY) == raised
    assert result.paid_by(Payer.MUNICIPAL) == (Money(20_000_000) if level is NATIONAL else ZERO)
