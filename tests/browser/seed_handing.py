"""A registration office with two supervisors, and somebody registered who agrees to be shared."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).parents[2]))
django.setup()

from tests.product import DEMO_PASSWORD  # noqa: E402
from tests.registry.said import fact, family, ids, who  # noqa: E402

from mirps.base.access import api as access  # noqa: E402
from mirps.people.custody import api as custody  # noqa: E402
from mirps.people.intake import api as intake  # noqa: E402
from mirps.people.registry import api as registry  # noqa: E402

ROLES = (
    ("sofia", "registration-supervisor"),
    ("octavio", "registration-supervisor"),
    ("rocio", "registration-officer"),
)


def main() -> None:
    now = datetime.now(UTC)
    for name, role in ROLES:
        user = access.User.objects.create_user(
            f"demo-{name}", f"{name}@example.org", DEMO_PASSWORD, first_name=name.title()
        )
        access.give_role(user=user, role=role, state="MEX", body="MEX.COMAR", starts=now.date() - timedelta(days=1),
                         ends=None, by="tests", at=now)  # fmt: skip
    said = family(who(phone="962 555 0101"), made_at=now.isoformat())
    (person,) = ids(said)
    said["facts"] += [
        fact("consent", person=str(person), purpose="share-state", given="given", how="spoken"),
        fact("note", person=str(person), words="No decir dónde duerme", sensitivity="security"),
    ]
    seat = custody.Seat("demo-rocio", "MEX", "MEX.COMAR", "MEX.COMAR.TAP", purpose="registration")
    intake.take(said, seat=seat, door="page", at=now)
    print(registry.number("MEX", person))


if __name__ == "__main__":
    main()
