"""A hold as its readers get it, and its end."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from include.domain.posts import Post
from include.messages import holding
from include.messages.asking import Draft

ROME = "Europe/Rome"
TEN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def draft(number, text="Il panettone è in forno 🎄"):
    post = Post(f"p{number}:facebook_a", "facebook_a", text, publish_at=TEN + timedelta(minutes=30 * number))
    return Draft(post, "Bottega Aurora", "Facebook", ROME)


def test_a_hold_and_its_end(same_as_before, drawn):
    begun = holding.hold_open(
        "Bottega Aurora",
        by="marta",
        at=TEN,
        why="23 negative comments about deliveries <!channel>",
        timezone=ROME,
        waiting=[draft(n) for n in range(7)],
        ads=["natale-meta"],
        who=("marta", "paolo"),
        subject="aurora",
    )
    over = holding.hold_lifted(
        "Bottega Aurora",
        by="paolo",
        at=TEN + timedelta(hours=3),
        held=("marta", TEN),
        timezone=ROME,
        going=[draft(6)],
        late=[draft(0), draft(1)],
        who=("marta", "paolo"),
    )
    late = holding.late_question("Bottega Aurora", late=[draft(0), draft(1)], timezone=ROME, who=("marta", "paolo"))
    decided = holding.late_decided("Bottega Aurora")
    for name, message in {"hold": begun, "hold_lifted": over, "late": late, "late_decided": decided}.items():
        same_as_before(name, message)
        drawn(name, message)
    assert begun.text == "⏸ Bottega Aurora is on hold: nothing goes out"


def test_where_nobody_can_answer_in_slack_the_command_is_named():
    message = holding.hold_open("Aurora", by="m", at=TEN, why="Why", timezone=ROME, subject="aurora")
    assert "python -m include.publishing.holds lift aurora --by NAME" in message.blocks[0]["text"]["text"]


@given(st.text(), st.text())
def test_no_words_of_others_are_a_command(one, two):
    begun = holding.hold_open(one, by=two, at=TEN, why=one, timezone=ROME, ads=[two], who=[one], subject=two)
    over = holding.hold_lifted(
        one, by=two, at=TEN, held=(one, TEN), timezone=ROME, late=[draft(1, two or "x")], who=[two]
    )
    late = holding.late_question(one, late=[draft(1, two or "x")], timezone=ROME, who=[two])
    for message in (begun, over, late, holding.late_decided(one)):
        words = [block["text"]["text"] for block in message.blocks if block["type"] == "section"]
        assert not any("<" in text or ">" in text for text in (message.text, *words))
