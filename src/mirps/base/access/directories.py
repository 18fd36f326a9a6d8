"""The States' own directories (OpenID Connect), as an installation names them. Pure; read by the settings.

MIRPS_OIDC names a YAML file, a list of:

    - id: hnd                          # in addresses; small letters, digits and hyphens
      state: HND                       # it vouches for people of this State alone
      name: {es: Gobierno de Honduras, en: Government of Honduras}
      issuer: https://id.example.hn    # has /.well-known/openid-configuration
      client_id: mirps
      secret_env: MIRPS_OIDC_HND       # the variable that holds the client's secret
      second_factor: ours              # or theirs: the directory asks for one, by agreement
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import yaml

_FIELDS = {"id", "state", "name", "issuer", "client_id", "secret_env", "second_factor"}
_HERE = {"127.0.0.1", "localhost", "::1"}


class DirectoryFault(ValueError):
    """A file that cannot be read as a list of directories; the message names the entry and what is wrong."""


@dataclass(frozen=True, slots=True)
class Directory:
    id: str
    state: str
    name_es: str
    name_en: str
    issuer: str
    client_id: str
    secret: str
    asks_second_factor: bool

    def name(self, lang: str) -> str:
        return self.name_es if lang == "es" else self.name_en


def read(path: Path, environment: Mapping[str, str]) -> list[Directory]:
    """The directories of a file. Raises DirectoryFault."""
    try:
        listed = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as e:
        raise DirectoryFault(f"{path}: {e}") from None
    if not isinstance(listed, list):
        raise DirectoryFault(f"{path}: a list of directories is expected")
    found = [_one(f"{path}, entry {n}", entry, environment) for n, entry in enumerate(listed, start=1)]
    if len({d.id for d in found}) < len(found):
        raise DirectoryFault(f"{path}: an id stands twice")
    return found


def providers(found: list[Directory]) -> dict[str, object]:
    """The directories as the sign-in library wants them (SOCIALACCOUNT_PROVIDERS)."""
    apps = [
        {
            "provider_id": d.id,
            "name": d.name_es,
            "client_id": d.client_id,
            "secret": d.secret,
            "settings": {"server_url": d.issuer},
        }
        for d in found
    ]
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps}}


def _one(where: str, entry: object, environment: Mapping[str, str]) -> Directory:
    if not isinstance(entry, dict) or set(entry) - _FIELDS or _FIELDS - {"second_factor"} - set(entry):
        raise DirectoryFault(f"{where}: needs {', '.join(sorted(_FIELDS))} and nothing else")
    names, issuer = entry["name"], str(entry["issuer"])
    if not isinstance(names, dict) or set(names) != {"es", "en"}:
        raise DirectoryFault(f"{where}: name must be given in es and en")
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,30}", str(entry["id"])):
        raise DirectoryFault(f"{where}: id must be small letters, digits and hyphens")
    if not re.fullmatch(r"[A-Z]{3}", str(entry["state"])):
        raise DirectoryFault(f"{where}: state must be a code of three letters")
    parts = urlsplit(issuer)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _HERE):
        raise DirectoryFault(f"{where}: the issuer must be an https address")
    asks = str(entry.get("second_factor", "ours"))
    if asks not in ("ours", "theirs"):
        raise DirectoryFault(f"{where}: second_factor must be ours or theirs")
    secret = environment.get(str(entry["secret_env"]), "")
    if not secret:
        raise DirectoryFault(f"{where}: the variable {entry['secret_env']} holds no secret")
    return Directory(
        id=str(entry["id"]),
        state=str(entry["state"]),
        name_es=str(names["es"]),
        name_en=str(names["en"]),
        issuer=issuer.rstrip("/"),
        client_id=str(entry["client_id"]),
        secret=secret,
        asks_second_factor=asks == "theirs",
    )
