"""What people are asked about a post, as they get it, and what the same message says once it is settled."""

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from include.domain.messages import Attachment
from include.domain.posts import Media, Post
from include.messages import asking
from include.messages.asking import Draft

ROME = "Europe/Rome"
FORM = "http://127.0.0.1:8080/required_actions"
NINE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
POST = Post(
    "natale-1:facebook_bottega_aurora",
    "facebook_bottega_aurora",
    "Il panettone è in forno 🎄\n\n#panettone *artigianale* <3 & via così_così",
    media=(Media("media/panettone.png", "Un panettone tagliato"), Media("https://cdn.example/forno.mp4")),
    publish_at=NINE,
    campaign="natale",
    link="https://aurora.example/natale?utm_source=facebook&utm_content=natale-1",
    first_comment="Prenotazioni entro domenica: 06 1234567",
    thread=("Prima infornata alle sei.", "Seconda alle dieci."),
    sponsor_budget="natale-meta",
)
DRAFT = Draft(POST, "Bottega Aurora", "Facebook", ROME, "calendar.csv, row 2")
WHO = ("marta", "paolo")


@pytest.fixture
def picture(png):
    return Attachment("image 1", "panettone.png", png, "Un panettone tagliato")


@pytest.fixture
def png():
    drawn = io.BytesIO()
    Image.new("RGB", (320, 180), (196, 122, 60)).save(drawn, "PNG")
    return drawn.getvalue()


def words(message):
    def texts(node):
        if isinstance(node, list | tuple):
            return [found for each in node for found in texts(each)]
        if not isinstance(node, dict):
            return []
        text = node.get("text")
        return [text] if isinstance(text, str) else texts(text) + texts(node.get("elements"))

    return "\n".join(texts(message.blocks))


def question(picture, **more):
    until = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    tone = ("warm, not loud", "no promise about delivery")
    return asking.approval_question(
        DRAFT, until=until, approvers=WHO, form_url=FORM, tone=tone, pictures=[picture], **more
    )


def test_a_text_to_approve(same_as_before, picture, drawn):
    message = question(picture)
    same_as_before("approval", message)
    drawn("approval", message)
    assert message.text.startswith("⏳ Bottega Aurora · Facebook · Tue 24 Nov 09:00")
    assert POST.text in words(message), "it reads as it will read, no sign replaced"
    assert words(message).index("✅ approve") < words(message).index("Or answer in Airflow")
    assert "not described in words" in words(message)


def test_where_nobody_can_answer_in_slack_it_says_how_they_could(picture):
    message = question(picture, in_slack=False)
    assert "✅" not in words(message)
    assert "name the approvers' Slack ids in brands.yml" in words(message)


def test_what_is_wrong_with_its_images_is_said(picture):
    assert "⚠️ Its image a.png was replaced" in words(question(picture, problem="Its image a.png was replaced."))


def test_a_settled_question_no_longer_asks(same_as_before, drawn):
    for name, message in {
        "approval_yes": asking.approval_settled(
            DRAFT, is_yes=True, by="marta", at=datetime(2026, 11, 24, 7, 12, tzinfo=UTC)
        ),
        "approval_no": asking.approval_settled(
            DRAFT, is_yes=False, by="paolo", at=datetime(2026, 11, 23, 17, 5, tzinfo=UTC)
        ),
        "approval_edited": asking.approval_ended(DRAFT, "edited", keep_text=False),
        "approval_expired": asking.approval_ended(DRAFT, "expired"),
    }.items():
        same_as_before(name, message)
        drawn(name, message)
        assert "your yes" not in words(message)
    assert "approved by marta 08:12" in words(
        asking.approval_settled(DRAFT, is_yes=True, by="marta", at=datetime(2026, 11, 24, 7, 12, tzinfo=UTC))
    )


@pytest.mark.parametrize("may_be_out", [False, True])
def test_a_held_post_is_asked_about(may_be_out, same_as_before, drawn):
    reason = "It is 2 hours past its time: too late to go out unasked."
    message = asking.held_question(DRAFT, reason=reason, may_be_out=may_be_out, who=WHO)
    same_as_before(f"held_{'doubtful' if may_be_out else 'late'}", message)
    drawn(f"held_{may_be_out}", message)
    assert ("look at the account before you answer" in words(message)) is may_be_out


def test_a_post_by_hand_can_be_copied_piece_by_piece(same_as_before, picture, drawn):
    draft = replace(DRAFT, account="TikTok")
    message = asking.hand_over(draft, who=WHO, pictures=[picture], media=asking.facts(POST)[1:3])
    same_as_before("hand_over", message)
    drawn("hand_over", message)
    boxes = [
        block["elements"][0]["elements"][0]["text"]
        for block in message.blocks
        if block["type"] == "rich_text" and block["elements"][0]["type"] == "rich_text_preformatted"
    ]
    assert boxes == [*(part.text for part in POST.parts), POST.link, "Un panettone tagliato"]
    live = asking.posted_by_hand(draft, url="https://tiktok.example/1", by="marta", at=NINE)
    same_as_before("hand_over_live", live)
    drawn("hand_over_live", live)


@pytest.mark.parametrize(
    "more",
    [{"text": "parola " * 3000, "thread": ()}, {"thread": tuple(f"Testo {number}. " * 15 for number in range(30))}],
)
def test_a_long_text_says_how_to_answer_and_goes_on_in_the_thread_whole(more):
    post = replace(POST, **more, content_hash="")
    first = asking.approval_question(replace(DRAFT, post=post), until=NINE, approvers=WHO, form_url=FORM)
    rest = asking.approval_rest(post)
    assert "✅ approve · ✋ reject" in words(first)
    assert "did not fit" not in words(first)
    assert f"It goes on in the thread ({len(rest)}" in words(first)
    shown = "".join(quoted(message) for message in (first, *rest))
    assert shown == "".join(part.text for part in post.parts)
    for message in (first, *rest):
        assert len(message.blocks) <= 50
        assert len(words(message)) < 12_000


def quoted(message):
    """The texts of a message that stand there as they are, one after another."""
    boxes = [block["elements"][0]["elements"][0]["text"] for block in message.blocks if block["type"] == "rich_text"]
    return "".join(boxes)


def test_a_long_post_by_hand_can_be_copied_whole():
    post = replace(POST, thread=tuple(f"Testo {number}." * 20 for number in range(30)), content_hash="")
    first = asking.hand_over(replace(DRAFT, post=post), who=WHO)
    assert "✋ calls it off" in words(first)
    shown = "".join(quoted(message) for message in (first, *asking.hand_over_rest(post)))
    assert all(part.text in shown for part in post.parts)


@given(st.text(min_size=1), st.text(), st.text())
def test_no_words_of_others_are_a_command(one, two, three):
    draft = Draft(Post("p:x_a", "x_a", one, publish_at=NINE, campaign=two), three, two, ROME)
    messages = [
        asking.approval_question(draft, until=NINE, approvers=[two], form_url="", tone=[one], problem=three),
        asking.approval_settled(draft, is_yes=False, by=two, at=NINE),
        asking.held_question(draft, reason=three, may_be_out=True, who=[two]),
        asking.hand_over(draft, who=[two]),
        asking.note(one),
    ]
    for message in messages:
        markup = [block["text"]["text"] for block in message.blocks if block["type"] == "section"]
        assert not any("<" in text or ">" in text for text in (message.text, *markup))
