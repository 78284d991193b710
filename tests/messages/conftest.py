"""A brand's week to tell, snapshots of messages, and a page that looks a little like Slack.

`UPDATE_SNAPSHOTS=1 pytest tests/messages` writes the snapshots anew; look at the difference before you commit it.
`KEEP_PICTURES=folder pytest tests/messages` keeps what the tests draw.
"""

import base64
import json
import os
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from include.domain.messages import Message
from include.kpis.definitions import KPIS, WAITING
from include.messages.picture import FONT_FAMILY, font_css, to_png
from include.messages.week import BestPost, Figure, Plan, Reading, WeekInWords

SNAPSHOTS = Path(__file__).parent / "snapshots"


@pytest.fixture
def aurora_week() -> WeekInWords:
    """A week with something of everything: a rise, a fall, an unknown, an unfinished figure, a plan, a gap."""
    return WeekInWords(
        brand="Bottega Aurora",
        monday=date(2026, 11, 16),
        timezone="Europe/Rome",
        figures=(
            Figure(KPIS["followers"], (Reading("Facebook", 18_420, 18_208), Reading("X", 2_310, 2_301))),
            Figure(KPIS["audience_growth"], (Reading("", 221, 180), Reading("Facebook", 212, 171)), target=150),
            Figure(KPIS["reach"], (Reading("Facebook", 22_340, 18_900), Reading("X", None))),
            Figure(KPIS["engagements"], (Reading("Facebook", 760, 741), Reading("X", 148, 201))),
            Figure(
                KPIS["engagement_rate_by_followers"],
                (Reading("Facebook", 0.0413, 0.0408), Reading("X", 0.064, 0.087, is_final=False)),
            ),
            Figure(KPIS["referral_sessions"], (Reading("", 1_130, 1_037),)),
            Figure(KPIS["conversions"], (Reading("", 34, 31),), target=30),
            Figure(KPIS["bounce_rate"], (Reading("", 0.46, 0.49),)),
            Figure(KPIS["negative_comments"], (Reading("", 0.14, 0.06),)),
        ),
        best_posts=(
            BestPost(
                "Facebook",
                "Il panettone è in forno 🎄 Prenota il tuo entro domenica",
                "https://facebook.com/1",
                "312 engagements",
            ),
            BestPost("X", "Fresh from the oven & ready <3 *now*", "https://x.com/aurora/status/2", "61 engagements"),
        ),
        plan=Plan(21, 3, datetime(2026, 11, 24, 11, 0, tzinfo=UTC), "http://127.0.0.1:8080/required_actions"),
        missing=("X: Saturday was not read.", "Sunday's figures may still change."),
        waiting=WAITING,
    )


@pytest.fixture
def same_as_before() -> Callable[[str, Message], None]:
    """Hold a message against its snapshot; pictures count by name and alternative text only."""

    def compare(name: str, message: Message) -> None:
        files = [{"slot": a.slot, "filename": a.filename, "alt": a.alt} for a in message.attachments]
        seen = {"text": message.text, "blocks": list(message.blocks), "attachments": files}
        written = json.dumps(seen, ensure_ascii=False, indent=1) + "\n"
        file = SNAPSHOTS / f"{name}.json"
        if os.environ.get("UPDATE_SNAPSHOTS"):
            file.write_text(written, encoding="utf-8")
        assert file.exists(), f"{file.name} is not there yet: run with UPDATE_SNAPSHOTS=1 and look at it."
        assert json.loads(file.read_text(encoding="utf-8")) == json.loads(written)

    return compare


@pytest.fixture
def drawn() -> Callable[..., bytes]:
    """A message as a picture, `width` CSS pixels wide; kept under `name` where KEEP_PICTURES says."""

    def draw(name: str, message: Message, width: int = 390) -> bytes:
        png = to_png(_page(message), width=width)
        if folder := os.environ.get("KEEP_PICTURES"):
            Path(folder, f"{name}-{width}.png").write_bytes(png)
        return png

    return draw


def _page(message: Message) -> str:
    style = f"{font_css()} body {{ font: 15px/1.46 {FONT_FAMILY}; margin: 12px; color: #1d1c1d }}"
    style += " h3 { font-size: 18px; margin: 4px 0 } p { margin: 6px 0 } small { color: #616061 } img { width: 100% }"
    style += " blockquote { margin: 4px 0; padding-left: 10px; border-left: 4px solid #ddd; white-space: pre-wrap }"
    style += " pre { font: inherit; margin: 4px 0; padding: 8px; border: 1px solid #ddd; border-radius: 4px;"
    style += " background: #f8f8f8; white-space: pre-wrap }"
    style += " a { color: #1264a3; text-decoration: none }"
    return f"<meta charset=utf-8><style>{style}</style>" + "".join(_shown(block, message) for block in message.blocks)


def _shown(block: Any, message: Message) -> str:
    match block["type"]:
        case "header":
            return f"<h3>{_entities(block['text']['text'])}</h3>"
        case "context":
            return f"<p><small>{_marked(block['elements'][0]['text'])}</small></p>"
        case "image":
            file = next(a for a in message.attachments if a.slot == block["slack_file"]["slot"])
            return f"<img src='data:image/png;base64,{base64.b64encode(file.content).decode()}'>"
        case "rich_text":
            (part,) = block["elements"]
            tag = "pre" if part["type"] == "rich_text_preformatted" else "blockquote"
            words = "".join(_entities(each["text"]).replace("<", "&lt;") for each in part["elements"])
            return f"<{tag}>{words}</{tag}>"
    return f"<p>{_marked(block['text']['text'])}</p>"


def _entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _marked(text: str) -> str:
    text = re.sub(r"<([^|>]+)\|([^>]+)>", r"<a href='\1'>\2</a>", text)
    for mark, tag in (("*", "b"), ("_", "i"), ("~", "s")):
        inside = rf"(?<![\w{re.escape(mark)}]){re.escape(mark)}(\S(?:[^\n]*?\S)?){re.escape(mark)}(?!\w)"
        text = re.sub(inside, rf"<{tag}>\1</{tag}>", text)
    return text.replace("\n", "<br>")
