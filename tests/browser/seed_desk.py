"""The demo as far as the desk without a line needs it: tables, accounts, static files. With `told`: what the
node holds of people, as one line of JSON. Run by the tests of that desk in a home of its own."""

from __future__ import annotations

import json
import sys


def main() -> None:
    import django

    django.setup()
    if sys.argv[1:] == ["told"]:
        sys.stdout.write(json.dumps(_told()) + "\n")
        return
    from mirps.web.shell import demo

    for step in (demo._database, demo._accounts, demo._static):
        step()


def _told() -> dict[str, object]:
    from mirps.people.custody import api as custody
    from mirps.people.intake.api import Arrival, Task
    from mirps.people.registry import api as registry

    with custody.keeping():
        people = list(registry.Person.objects.order_by("id"))
        names = registry.names_of(p.id for p in people)
        births = registry.standing_of([p.id for p in people], "birth", "photo", "relation")
        return {
            "people": [
                {
                    "number": p.number,
                    "name": names.get(p.id, ""),
                    "born": [f.data["date"] for f in births.get(p.id, ()) if f.kind == "birth"],
                    "photos": [
                        len(registry.file_content(f.data["file"]))
                        for f in births.get(p.id, ())
                        if f.kind == "photo"
                    ],
                    "by": p.by,
                    "ties": [
                        f"{f.data['relation']} {names.get(f.other, '')}"
                        for f in births.get(p.id, ())
                        if f.other
                    ],
                }
                for p in people
            ],
            "groups": registry.Group.objects.count(),
            "arrivals": Arrival.objects.count(),
            "tasks": [f"{t.kind} {t.of}".strip() for t in Task.objects.order_by("id")],
        }


if __name__ == "__main__":
    main()
