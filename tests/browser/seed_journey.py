"""The demo without its reports: people, the 2024 round, the 2025 round open. Run by test_round_journey.py
in a home of its own; prints what HND.DIPPDIV answered last, by the key of its workbook, and who presides, as JSON."""

from __future__ import annotations

import json

BODY = "HND.DIPPDIV"


def main() -> None:
    import django

    django.setup()
    from django.utils import timezone

    from mirps.evidence.entries import api as entries
    from mirps.evidence.narratives import api as narratives
    from mirps.web.shell import demo

    for step in (demo._database, demo._accounts, demo._round, demo._open_round, demo._static):
        step()
    # Texts have journeys of their own (test_writing.py): here the required ones are no longer asked for.
    for section in narratives.Section.objects.filter(round="2025", required=True).order_by("id"):
        narratives.withdraw(section=section.pk, by="demo-secretariat", at=timezone.now())
    lines = entries.sheet("2025", institution=BODY)
    before = entries.history([(x.ask, c.dimensions) for x in lines for c in x.cells], before="2025")
    found = {}
    for line in lines:
        for c in line.cells:
            past = [e.value for e in before[line.ask.code, c.dimensions] if e.value is not None]
            extra = c.dimensions if c.dimensions != line.ask.dimensions else ""
            found[f"{line.ask.code}/{extra}".rstrip("/")] = int(past[-1]) if past else None
    print(json.dumps({"values": found, "presidency": presidency()}))


def presidency() -> str:
    """Who of the demo holds the presidency on this day."""
    from django.utils import timezone

    from mirps.base.access import api as access

    today = timezone.now().date()
    held = access.User.objects.filter(username__startswith="demo-presidency").order_by("username")
    return next(
        u.username for u in held if any(g.role == "presidency" for g in access.grants_of(u, on=today))
    )


if __name__ == "__main__":
    main()
