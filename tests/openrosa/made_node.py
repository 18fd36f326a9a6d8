"""A node with a registration officer and a device of theirs; and whom its registry holds. Run by the journey.

python made_node.py make        prints login and code
python made_node.py held NAME   prints what is found under a name, as JSON
"""

import json
import sys
from datetime import UTC, datetime, timedelta

import django

django.setup()

from mirps.base.access import api as access  # noqa: E402
from mirps.people.identity import api as identity  # noqa: E402
from mirps.people.intake import openrosa_devices as devices  # noqa: E402
from mirps.people.registry import api as registry  # noqa: E402
from mirps.people.registry.api import Person  # noqa: E402

HERE = {"state": "MEX", "institution": "MEX.COMAR", "office": "MEX.COMAR.TAP"}


def make() -> str:
    now = datetime.now(UTC)
    users = []
    for name, role in (("sofia", "registration-supervisor"), ("rocio", "registration-officer")):
        user = access.User.objects.create(username=name, email=f"{name}@example.org")
        access.give_role(user=user, role=role, state="MEX", body="MEX.COMAR", starts=now.date(), ends=None,
                         by="tests", at=now)  # fmt: skip
        users.append(user)
    device, code = devices.make(
        name="Tableta", holder=users[1], expires_at=now + timedelta(days=9), by=users[0], at=now, **HERE
    )
    return f"{device.login} {code}"


def held(name: str) -> str:
    given, _, surnames = name.partition("/")
    out = {}
    for found in identity.find(identity.read(given, surnames)):
        file = registry.file(found.row, knows=())
        if file:
            photos = [len(registry.file_content(f.data["file"])) for f in file.of("photo")]
            born = [f.data["date"] for f in file.of("birth")]
            out[file.person.number] = {"name": file.name, "born": born, "photos": photos}
    return json.dumps({"found": out, "people": Person.objects.count()})


if __name__ == "__main__":
    print(make() if sys.argv[1] == "make" else held(sys.argv[2]))
