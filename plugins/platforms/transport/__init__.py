"""How every platform is spoken to over HTTP: one session, one idea of failure.

    access.py      an account's connection: where its API answers, and its token
    session.py     sends: reads again and again, writes once
    failures.py    from a platform's refusal to our errors, by a table
    limits.py      what the headers say of the calls that are left
    paging.py      page after page, with an eye for circles
    addresses.py   web addresses inside a text
    likeness.py    whether a post of theirs may be ours
    redaction.py   no secret in a log, an error or a kept answer
    connected.py   what all hooks have in common
    download.py    media as an open file, from here or from the web
    reach.py       which addresses media may come from
    forms.py       a form with a file, sent piece by piece
    pieces.py      a part of a file as a file of its own
    meta.py        what Facebook, Instagram and Meta Ads share: refusals, token, upload server
    meta_lists.py  their lists, row by row, in portions, and many ids at once

This module imports nothing: it is read whenever a DAG file is parsed.
"""
