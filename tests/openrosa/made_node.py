"""A node with a registration officer and a device of theirs; and whom its registry holds. Run by the journey.

python made_node.py make        prints login and code
python made_node.py held NAME   prints what is found under a name, as JSON
"""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).parents[2]))
django.setup()

from tests.openrosa.filled import one, typed  # noqa: E402
from tests.product import DEMO_PASSWORD  # noqa: E402

from mirps.base.access import api as access  # noqa: E402
from mirps.people.identity import api as identity  # noqa: E402
from mirps.people.intake import openrosa_actions as forms  # noqa: E402
from mirps.people.intake import openrosa_devices as devices  # noqa: E402
from mirps.people.intake.openrosa_models import Device  # noqa: E402
from mirps.people.registry import api as registry  # noqa: E402
from mirps.people.registry.api import Person  # noqa: E402

HERE = {"state": "MEX", "institution": "MEX.COMAR", "office": "MEX.COMAR.TAP"}


def make() -> str:
    now = datetime.now(UTC)
    users = []
    for name, role in (("sofia", "registration-supervisor"), ("rocio", "registration-officer")):
        user = access.User.objects.create_user(
            f"demo-{name}", f"{name}@example.org", DEMO_PASSWORD, first_name=name.title()
        )
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


def stuck() -> str:
    device = Device.objects.get()
    for xml in (typed(one(born="1987-02-31")), typed(one("Ana", photo="1.jpg"))):
        forms.receive(device=device, xml=xml, files={}, at=datetime.now(UTC))
    return "2"


if __name__ == "__main__":
    print({"make": make, "stuck": stuck, "held": held}[sys.argv[1]](*sys.argv[2:]))
