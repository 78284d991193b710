"""Tables as Excel, Numbers and Google save them."""

import pytest

from include.desk.problems import DeskProblems
from include.desk.sheets import read_sheet


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_delimiter_and_the_encoding_are_found_out(write, delimiter, encoding):
    text = (
        delimiter.join(["Brand", "Text Facebook"]) + "\r\n" + delimiter.join(["sea", "ກາເຟ, è; ☕".join('""')]) + "\r\n"
    )
    sheet = read_sheet(write("sheet.csv", text, encoding), ("brand",))
    assert sheet.columns == ("brand", "text_facebook")
    assert sheet.rows[0]["text_facebook"] == "ກາເຟ, è; ☕"


def test_plain_csv_of_windows_keeps_its_accents(write):
    sheet = read_sheet(write("sheet.csv", "brand;text\nsea;perché – “sì”\n", "cp1252"), ("brand",))
    assert (sheet.rows[0]["text"], sheet.encoding) == ("perché – “sì”", "cp1252")


def test_rows_are_numbered_as_the_spreadsheet_shows_them(write):
    text = 'brand,text\nsea,"two\nlines"\n\n,\nfjord,one\n'
    assert [(row.number, row["brand"]) for row in read_sheet(write("sheet.csv", text), ("brand",)).rows] == [
        (2, "sea"),
        (5, "fjord"),
    ]


def test_an_apostrophe_that_keeps_a_cell_from_being_a_formula_is_no_part_of_it(write):
    sheet = read_sheet(write("sheet.csv", "brand,text\nsea,'@ola says hei\nsea,'s morgens\nsea,''=\n"), ("brand",))
    assert [row["text"] for row in sheet.rows] == ["@ola says hei", "'s morgens", "''="]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "sheet.csv, row 1, is empty; the first row names the columns: brand, when."),
        ("brand,wen\n", 'sheet.csv, row 1, there is no column "when"; did you mean "wen"? The header has: brand, wen.'),
        ("brand,when,Brand\n", 'sheet.csv, row 1, brand "brand": 2 columns have this name; keep one.'),
        ('brand,when\nsea,"never closed\nfjord,now\n', "sheet.csv, row 2, a quote does not close"),
        (b"brand,when\n\x81\x8d,\xff", 'encoding that can be told; save it as "CSV UTF-8".'),
        (b"PK\x03\x04\x00\x00", 'encoding that can be told; save it as "CSV UTF-8".'),
    ],
)
def test_what_is_no_table_is_refused_in_words(write, content, sentence):
    with pytest.raises(DeskProblems) as caught:
        read_sheet(write("sheet.csv", content), ("brand", "when"))
    assert sentence in str(caught.value)
