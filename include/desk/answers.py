"""The answers that each brand has ready: `answers.yml`.

    mekong:                           # a brand's key, or "*" for every brand
      values:                         # optional: what the brand's own placeholders stand for
        phone: "+856 20 5555 0101"
      answers:
        late_delivery:                # its name in moderation.yml
          lo: ຂໍອະໄພ … ໂທຫາພວກເຮົາ {phone}
          en: We are sorry! Please call us at {phone}. {brand}

Placeholders that always work: {brand}, {network}. Nothing of an answer is sent unless a person, or a rule, says so.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from include.desk.outline import Entry, read_outline
from include.desk.problems import Findings, instead
from include.domain.accounts import Brand
from include.domain.moderation import PLACEHOLDER, Answers

ALWAYS = ("brand", "network")

_NAME = re.compile(r"[a-z0-9][a-z0-9_]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_FIELDS = ("values", "answers")
_MOST = 2000


def read_answers(path: Path, brands: Sequence[Brand]) -> Answers:
    """The answers of `path`; none where there is no such file.

    Raises DeskProblems with everything that is wrong in the file.
    """
    if not path.exists():
        return Answers()
    findings = Findings(path.name)
    outline = read_outline(path, findings)
    if outline.items or outline.text:
        findings.add(outline.line, "", outline.shown, "names no brand; write a brand's key with its answers below.")
    allowed = {"*", *(brand.key for brand in brands)}
    for brand in outline.parts.keys() - allowed:
        findings.add(outline.parts[brand].line, "", brand, f"not a brand of brands.yml; {instead(brand, allowed)}")
    shared = _values("*", outline.parts.get("*", Entry(0)), findings)
    values = {"*": shared}
    texts: dict[tuple[str, str, str], str] = {}
    for brand, entry in outline.parts.items():
        for name in entry.parts.keys() - set(_FIELDS):
            why = f"neither values nor answers; {instead(name, _FIELDS)}"
            findings.add(entry.parts[name].line, f"{brand}.{name}", name, why)
        values[brand] = shared if brand == "*" else _values(brand, entry, findings)
        known = {*ALWAYS, *shared, *values[brand]}
        texts |= {(brand, name, tag): text for name, tag, text in _texts(brand, entry, known, findings)}
    findings.refuse_if_any()
    return Answers(texts, values)


def _values(brand: str, entry: Entry, findings: Findings) -> dict[str, str]:
    found = entry.parts.get("values", Entry(0)).parts
    for name, value in found.items():
        if not _NAME.fullmatch(name) or name in ALWAYS:
            why = "use lower-case letters, digits and _, and none of brand and network."
            findings.add(value.line, f"{brand}.values", name, why)
        if not value.text:
            findings.add(value.line, f"{brand}.values.{name}", value.shown, "needs a text.")
    return {name: value.text for name, value in found.items()}


def _texts(brand: str, entry: Entry, known: set[str], findings: Findings) -> Iterator[tuple[str, str, str]]:
    for name, languages in entry.parts.get("answers", Entry(0)).parts.items():
        place = f"{brand}.{name}"
        if not _NAME.fullmatch(name):
            findings.add(languages.line, place, name, "use lower-case letters, digits and _, such as late_delivery.")
        if not languages.parts:
            findings.add(languages.line, place, languages.shown, "write the answer by language, such as it: … .")
        for tag, text in languages.parts.items():
            if not _LANGUAGE.fullmatch(tag):
                findings.add(text.line, place, tag, "needs a language tag (BCP 47) such as it, lo or en.")
            if not 0 < len(text.text) <= _MOST:
                findings.add(text.line, f"{place}.{tag}", text.shown, f"needs a text of up to {_MOST} characters.")
            for blank in PLACEHOLDER.findall(text.text):
                if blank not in known:
                    why = f"no placeholder of {brand}; {instead(blank, known)}"
                    findings.add(text.line, f"{place}.{tag}", f"{{{blank}}}", why)
            yield name, tag, text.text
