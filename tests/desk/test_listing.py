"""The same rows in YAML."""

import pytest

from include.desk.problems import DeskProblems
from include.desk.sheets import read_sheet

ROWS = """\
# the week

- brand: sea
  when: 2026-11-23 09:30
  Text Facebook: |
    ສະບາຍດີ
    no, yes: ☕
- brand: fjord
  accounts: [x, facebook]
  media: [media/a.png, media/b.png]
  text: [one, two]
  campaign: ~
"""


def test_a_list_is_a_table_whose_rows_are_numbered_by_line(write):
    sheet = read_sheet(write("calendar.yml", ROWS), ("brand",))
    sea, fjord = sheet.rows
    assert (sea.number, sea["when"], sea["text_facebook"]) == (3, "2026-11-23 09:30", "ສະບາຍດີ\nno, yes: ☕")
    assert (fjord.number, fjord["accounts"], fjord["media"]) == (8, "x, facebook", "media/a.png | media/b.png")
    assert (fjord["text"], fjord["campaign"]) == ("one\n---\ntwo", "")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("brand: sea\n", 'calendar.yml, line 1, "brand": not a list of rows; begin each row with -'),
        ("- brand: sea\n- just words\n", 'calendar.yml, line 2, "just words": not a row; name its columns'),
        ("- brand: {a: b}\n", "names within a cell; write one value"),
        ("- brand: sea\n  brand: fjord\n", 'calendar.yml, line 2, "brand": stands twice, first in line 1'),
        ("- brand: [sea\n", "not YAML"),
        ("", "is empty"),
        ("- text: hi\n", 'calendar.yml, line 1, there is no column "brand"; the header has: text.'),
    ],
)
def test_what_is_no_list_of_rows_is_refused_with_its_line(write, content, sentence):
    with pytest.raises(DeskProblems) as caught:
        read_sheet(write("calendar.yml", content), ("brand",))
    assert sentence in str(caught.value)
