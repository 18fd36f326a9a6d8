"""An officer in Mexico and one in Guatemala, and somebody registered who agrees to be known in another State."""

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


def main() -> None:
    now = datetime.now(UTC)
    for name, state, body in (("ana", "MEX", "MEX.COMAR"), ("gilberto", "GTM", "GTM.DRER")):
        user = access.User.objects.create_user(
            f"demo-{name}", f"{name}@example.org", DEMO_PASSWORD, first_name=name.title()
        )
        access.give_role(user=user, role="registration-officer", state=state, body=body,
                         starts=now.date() - timedelta(days=1), ends=None, by="tests", at=now)  # fmt: skip
    said = family(who(phone="962 555 0101"), made_at=now.isoformat())
    (person,) = ids(said)
    said["facts"].append(
        fact("consent", person=str(person), purpose="share-abroad", given="given", how="spoken")
    )
    seat = custody.Seat("demo-ana", "MEX", "MEX.COMAR", "MEX.COMAR.TAP", purpose="registration")
    intake.take(said, seat=seat, door="page", at=now)
    print(registry.number("MEX", person))


if __name__ == "__main__":
    main()
