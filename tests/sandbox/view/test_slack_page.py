"""The page that looks like Slack: what people wrote stays text, and the page needs nothing else."""

import re
from html.parser import HTMLParser

import plutoprint
import pytest

from include.sandbox.view import Shown, render
from include.sandbox.view.mrkdwn import to_html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            "*grassetto* _corsivo_ ~barrato~ `codice *così*`",
            "<b>grassetto</b> <i>corsivo</i> <s>barrato</s> <code>codice *così*</code>",
        ),
        ("2*3*4 snake_case_name a~b~c", "2*3*4 snake_case_name a~b~c"),
        (
            '<script>alert(1)</script> &amp; &lt;b&gt; & "',
            '&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt; &amp; "',
        ),
        (
            "<https://a.example/?b=1&amp;c=2|qui> <https://b.example>",
            '<a href="https://a.example/?b=1&amp;c=2">qui</a> <a href="https://b.example">https://b.example</a>',
        ),
        ("<javascript:alert(1)|clic>", "&lt;javascript:alert(1)|clic&gt;"),
        ('<https://a.example/"onmouseover=x|a>', '<a href="https://a.example/&quot;onmouseover=x">a</a>'),
        (
            "<@U1> <#C1> <!here>",
            " ".join(f'<span class="mention">{name}</span>' for name in ("@Marta", "#aurora", "@here")),
        ),
        (":tada: :no_such_name: 10:30:00", "🎉 :no_such_name: 10:30:00"),
        ("&gt; uno\n> due\ntre", "<blockquote>uno<br>due</blockquote>tre"),
        ("```a\n*b* <c>```", "<pre>a\n*b* &lt;c&gt;</pre>"),
        ("*<https://a.example|x>*", '<b><a href="https://a.example">x</a></b>'),
        ("ສະບາຍດີ *ດີ*", "ສະບາຍດີ <b>ດີ</b>"),
    ],
)
def test_mrkdwn(text: str, html: str) -> None:
    assert to_html(text, {"U1": "Marta"}, {"C1": "aurora"}) == html


class Tags(HTMLParser):
    """The tags that are open, and every address."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name == "src"]
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


MESSAGE = {
    "ts": "1795185600.000100",
    "user": "U0",
    "bot_id": "B1",
    "bot_profile": {"name": "Social <Desk>"},
    "text": "Nascosto dai blocchi",
    "reactions": [{"name": "eyes", "count": 2}],
    "blocks": [
        {"type": "header", "text": {"type": "plain_text", "text": "Settimana 47 :tada: *no*"}},
        {"type": "section", "text": {"type": "mrkdwn", "text": "*Bene* <i>"}},
        {"type": "image", "slack_file": {"id": "F1"}, "alt_text": 'Barre "alte"'},
        {"type": "image", "image_url": "https://a.example/b.png", "alt_text": "Altrove"},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "_Manca X_"}]},
        {
            "type": "actions",
            "elements": [{"type": "button", "style": "primary", "text": {"type": "plain_text", "text": "Sì"}}],
        },
    ],
}


def test_one_message_is_a_whole_page(png: bytes) -> None:
    shown = Shown(files={"F1": ("a.png", "image/png", png)}, zone="Europe/Rome")
    reply = {"ts": "1795185700.000100", "user": "U2", "text": "Chiuso"}
    page = render([MESSAGE], replies={str(MESSAGE["ts"]): [reply]}, shown=shown)
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert [address[:22] for address in tags.addresses] == ["data:image/png;base64,"]
    for part in (
        "Social &lt;Desk&gt;",
        "Settimana 47 🎉 *no*",
        "<b>Bene</b> &lt;i&gt;",
        "👀 2",
        "1 reply",
        "Chiuso",
        "3:40 PM",
    ):
        assert part in page
    assert "Nascosto" not in page
    assert not re.search(r"<(script|link|iframe)", page)


def test_it_can_be_made_a_picture(png: bytes) -> None:
    book = plutoprint.Book(plutoprint.PageSize(540, 700), plutoprint.PageMargins(0), plutoprint.MEDIA_TYPE_SCREEN)
    book.load_html(render([MESSAGE], shown=Shown(files={"F1": ("a.png", "image/png", png)})))
    assert book.get_document_height() > 150
