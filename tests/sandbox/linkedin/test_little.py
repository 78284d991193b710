"""LinkedIn's little text as the sandbox reads it: what is not escaped is gone, and nobody is told."""

import pytest

from include.sandbox.linkedin.little import shown, units, written


@pytest.mark.parametrize(
    ("commentary", "seen"),
    [
        ("Va al repo (durable) e poi", "Va al repo "),
        (r"Va al repo \(durable\) e poi", "Va al repo (durable) e poi"),
        ("Sconti! #Natale e {hashtag|#|pane}, {hashtag|\\#|vino}", "Sconti! #Natale e #pane, #vino"),
        ("Con @[Acme Corp](urn:li:organization:1234) domani", "Con Acme Corp domani"),
        ("a@b", "a"),
        ("C# è", "C"),
        ("#my_tag", "#my"),
        (r"a\\b \q", r"a\b "),
        ("due\nrighe", "due\nrighe"),
    ],
)
def test_a_bare_reserved_character_ends_the_text(commentary: str, seen: str) -> None:
    assert shown(commentary) == seen


def test_what_is_given_back_reads_the_same() -> None:
    text = "Ciao (di nuovo) #Natale, C# e my_tag: https://a.com/?utm_source=x"
    assert written(text).startswith(r"Ciao \(di nuovo\) {hashtag|\#|Natale}, C\# e my\_tag")
    assert shown(written(text)) == text


def test_escapes_count() -> None:
    assert (units(r"\(a\)"), units("👍")) == (5, 2)
