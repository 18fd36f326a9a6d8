"""What the desk in the browser needs to ask without a line: form, lists and every text, in one JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import LANGUAGES, catalogue
from mirps.people.registry import api as registry
from mirps.people.registry.submissions import OLDEST

#: Minutes without a touch after which the desk locks itself.
IDLE_MINUTES = 5
#: Bytes of one file: what a request may hold in memory, less a little (settings.DATA_UPLOAD_MAX_MEMORY_SIZE).
MOST_FILE = 9 * 1024 * 1024
#: Lists that the page needs beside those of the form's fields.
_LISTS = ("levels", "group-kinds", "group-roles", "certainties", "relations")
_TEXTS = ("desk.", "registration.")

Json = dict[str, Any]


@cache
def book() -> bytes:
    """The JSON: the same bytes for the same data, whoever asks."""
    held = registry.book()
    blocks = [b for s in held.form.sections for b in s.blocks]
    lists = {f.list for b in blocks for f in b.fields if f.list} | set(_LISTS)
    return json.dumps(
        {
            "form": held.form.version,
            "oldest": OLDEST,
            "idle": IDLE_MINUTES,
            "most_file": MOST_FILE,
            "sections": [
                {"key": s.key, "of": s.of, "blocks": [_block(b) for b in s.blocks]} for s in held.form.sections
            ],
            "kinds": {b.kind.name: {"any": b.kind.any} for b in blocks},
            "lists": {
                name: [[code, c.name("es"), c.name("en")] for code, c in _codes(name)] for name in sorted(lists)
            },
            "countries": [
                [code, *(codelists.country_name(code, lang) for lang in LANGUAGES)]
                for code in sorted(codelists.countries())
            ],
            "texts": {
                lang: {key: getattr(text, lang) for key, text in catalogue().items() if key.startswith(_TEXTS)}
                for lang in LANGUAGES
            },
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()  # fmt: skip


def _codes(name: str) -> Iterable[tuple[str, Any]]:
    return registry.book().lists[name].items()


def _block(b: registry.Block) -> Json:
    return {
        "key": b.key, "kind": b.kind.name, "level": b.level, "only": b.only, "required": b.required,
        "repeat": b.repeat, "sure": b.sure, "preset": dict(b.preset),
        "fields": [_field(f) for f in b.fields],
    }  # fmt: skip


def _field(f: registry.Field) -> Json:
    return {
        "name": f.name,
        "type": f.type.value,
        "required": f.required,
        "most": f.most,
        "list": f.list,
        "past": f.past,
    }
