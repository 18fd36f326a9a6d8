"""Made-up people: names by country with the frequencies of a census, and the mistakes that desks make.

Nobody here exists. The same seed gives the same bytes. The commonest names are listed by country; behind
them stands a long tail of made-up surnames, since in a census half of all surnames are rare (Zipf's law).
"""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from uuid import UUID

SURNAMES = {
    "common": "López Hernández García Martínez González Rodríguez Pérez Sánchez Ramírez Flores Gómez Díaz Torres"
    " Cruz Morales Reyes Gutiérrez Ortiz Ramos Mendoza Castillo Vásquez Rivera Jiménez Chávez Álvarez Ruiz Romero"
    " Moreno Aguilar Herrera Medina Castro Vargas Guzmán Velásquez Rojas Muñoz Méndez Salazar Contreras Luna"
    " Juárez Guerrero Ortega Estrada Delgado Soto Silva Ríos Alvarado Sandoval Campos Santos Mejía Guerra Rosales"
    " Maldonado Figueroa Cortés Miranda Fuentes Navarro Peña Cabrera Vega Molina Ayala Acosta Espinoza Pineda"
    " Cárdenas Valdez Ávila León Padilla Lara Carrillo Núñez Solís Salinas Márquez Montoya Serrano Rosas Orozco"
    " Trejo Barrera Zamora Bautista Cervantes Escobar Villanueva Mora Rivas Paz Quintero Franco Bonilla Lozano",
    "HND": "Zelaya Murillo Banegas Cáceres Funes Zúniga Euceda Discua Suazo Padilla Amador Maradiaga Turcios Sauceda"
    " Lagos Enamorado Bográn Izaguirre Lainez Andino Arita Carías Membreño Paguada Oseguera Norales Arzú Guity"
    " Batiz Sambulá Bernárdez Centeno Cayetano Colón Ávila Meléndez Nolasco Perdomo Pagoaga Tábora Urbina Varela",
    "SLV": "Menjívar Orellana Portillo Argueta Henríquez Alfaro Guardado Ardón Umaña Quintanilla Serpas Cerna"
    " Landaverde Chicas Majano Melgar Escalante Zepeda Ventura Abarca Alas Barahona Cañas Cornejo Dueñas Granados",
    "GTM": "Xol Caal Choc Ixcoy Tzoc Chub Coc Ajú Cux Tzul Batz Toj Us Sic Tum Ajanel Chávez Barrios Cifuentes Monzón"
    " Marroquín Recinos Samayoa Cifuentes Godínez Ixtabalán Pop Tiul Yat Xicará Sacalxot Sipac Cutzal Morataya Lemus",
    "MEX": "Nájera Galindo Palacios Beltrán Huerta Ibarra Esquivel Zavala Cisneros Tapia Zapata Ochoa Arellano Rangel"
    " Cantú Treviño Villarreal Garza Cuevas Galván Sosa Nieto Ponce Cahuantzi Xicoténcatl Tecuapetla Chan Canul Pech",
    "CRI": "Arias Brenes Calderón Chaves Chinchilla Elizondo Fallas Madrigal Monge Quesada Quirós Segura Solano Ureña"
    " Villalobos Zúñiga Araya Artavia Azofeifa Badilla Barboza Camacho Coto Esquivel Gamboa Leiva Mata Porras Umaña",
    "PAN": "Batista Caballero Barría Pinzón Santamaría Pimentel Samaniego Espino Cedeño Quintero"
    " Ábrego Montezuma Bejarano Palacio Valdés Arosemena Domínguez Atencio Carpintero Jaén Ureña Vergara Saldaña",
    "BLZ": "Smith Young Flowers Williams Cal Coc Choc Ack Palacio Nunez Castillo Lewis Gillett Usher Staine Arnold"
    " Bennett Lambert Martinez August Cayetano Arana Novelo Magaña Requena Tzul Pott Vernon Moguel McKenzie",
    "NIC": "Blandón Zeledón Altamirano Rugama Talavera Úbeda Obando Picado Palacios Lanuza Chavarría Cuadra Baltodano"
    " Bermúdez Tercero Rizo Rocha Gadea Gaitán Jarquín Mairena Olivas Tinoco Tórrez Urroz Valle Calero Dávila",
    "VEN": "Colmenares Urdaneta Briceño Guanipa Finol Chacón Bracho Marcano Parra Villalobos Blanco Graterol Aponte"
    " Montilla Peñaloza Rondón Zambrano Uzcátegui Machado Quintana Lugo Mavárez Oropeza Petit Pirela Yépez Zerpa",
    "HTI": "Jean Pierre Joseph Louis Charles François Jean-Baptiste Étienne Michel Paul Saint-Louis Dorvil Exantus"
    " Toussaint Desir Noel Augustin Célestin Dieudonné Estimé Fleurimond Guerrier Jean-Louis Laguerre Louissaint"
    " Metellus Petit-Frère Registre Sylvain Théodore Valcin Vilsaint Wesner Desrosiers Cadet Bien-Aimé Alexis",
    "CUB": "Hechavarría Leyva Batista Pupo Almaguer Betancourt Cutiño Echemendía Fonseca Machín Matos Milanés Nápoles"
    " Oquendo Palmero Quesada Rosabal Sardiñas Téllez Valdés Viamontes Zaldívar Chaviano Despaigne Savigne Tamayo",
}
_PARTICLED = [
    "de la Cruz",
    "de León",
    "del Cid",
    "de la Rosa",
    "de los Santos",
    "San Martín",
    "de Paz",
    "del Valle",
]
_WOMEN = (
    "María Ana Carmen Rosa Juana Marta Gloria Karla Sandra Silvia Claudia Patricia Josefina Leticia Guadalupe Elena"
    " Yolanda Lidia Norma Blanca Alejandra Daniela Gabriela Andrea Fernanda Paola Vanessa Jessica Jennifer Karen"
    " Wendy Ximena Valeria Camila Sofía Isabella Mariana Lucía Elizabeth Esther Ruth Sara Raquel Rebeca Noemí Iris"
    " Suyapa Dilcia Reina Mirna Olga Irma Dora Marlen Yesenia Yamileth Heidy Lesly Keyla Nicole Ashley Génesis"
    " Estefany Katherine Gisela Xiomara Yadira Zoila Marisol Rocío Araceli Concepción Dolores Mercedes Milagros"
    " Victoria Verónica Mónica Teresa Francisca Antonia Margarita Luz Alma Eva Delmy Evelyn Ingrid Brenda Cindy"
)
_MEN = (
    "José Juan Luis Carlos Jorge Francisco Miguel Manuel Pedro Antonio Mario Marvin Óscar Edwin Wilmer Santos Marco"
    " Roberto Ricardo Rafael Fernando Daniel David Josué Kevin Bryan Cristian Ángel Alexander Alejandro Eduardo"
    " Javier Víctor Héctor Julio César Ramón Rubén Raúl Sergio Arturo Enrique Alberto Gustavo Gerardo Hugo Iván"
    " Jonathan Jefferson Wilson Nelson Melvin Elmer Denis Dennis Walter Henry Anthony Steven Jhon Yeison Joel Samuel"
    " Isaac Abraham Moisés Elías Gabriel Sebastián Santiago Mateo Diego Andrés Felipe Ignacio Domingo Tomás Marcos"
    " Pablo Esteban Gregorio Emilio Armando Orlando Rolando Reynaldo Gilberto Noé Adán Nahúm Selvin Darwin Erick"
)
_HAITIAN_WOMEN = (
    "Marie Rose Guerline Mirlande Nadège Roseline Wideline Darline Fabiola Islande Lovely Yolette Jeannette"
)
_HAITIAN_MEN = (
    "Jean Pierre Wilner Frantz Jacques Emmanuel Samuel Wesly Jimmy Evens Jocelyn Fritz Dieudonné Wilfrid"
)
_STATES = {
    "HND": 22,
    "GTM": 14,
    "SLV": 13,
    "NIC": 14,
    "VEN": 13,
    "MEX": 8,
    "CUB": 6,
    "HTI": 5,
    "CRI": 2,
    "PAN": 2,
    "BLZ": 1,
}
_TAIL = 6000


@dataclass(frozen=True, slots=True)
class Made:
    """One made-up person, as a desk registers them."""

    id: UUID
    country: str
    sex: str
    given: str
    first: str
    second: str
    born: date

    @property
    def surnames(self) -> str:
        return f"{self.first} {self.second}".strip()


class _Drawn:
    """Draws from a list, the earlier the likelier: 1 / rank to the power `steep`."""

    def __init__(self, values: list[str], steep: float) -> None:
        self.values = list(dict.fromkeys(values))
        self.sums = list(accumulate((n + 2.7) ** -steep for n in range(len(self.values))))

    def __call__(self, chance: random.Random) -> str:
        return self.values[bisect_left(self.sums, chance.random() * self.sums[-1])]


def _tail(chance: random.Random) -> list[str]:
    starts = "Al Ar Ba Be Bo Bur Ca Cal Car Co Cor Cha Da Do E Es Fa Fer Fon Ga Gal Go Gri I Ja La Lan Le Li Lo Ma Mar"
    middles = "la le li lo ra re ri ro na ne ni no sa se ta te ti to va ve da de di do ma me mo nda rra ña lla cha ca"
    ends = "ga guez no na les les rez bal rri ría ño ña dal des do da nte nto rte rra za zo zar tes ces ca co llo lla"
    made: dict[str, None] = {}
    while len(made) < _TAIL:
        pick = [chance.choice(part.split()) for part in (starts, middles, ends)]
        if chance.random() < 0.5:
            pick.insert(2, chance.choice(middles.split()))
        made["".join(pick)] = None
    return list(made)


def people(count: int, seed: int = 1) -> Iterator[Made]:
    """`count` people, the same for the same seed whatever the machine."""
    chance = random.Random(seed)
    tail = _tail(chance)
    common = SURNAMES["common"].split()
    surnames = {c: _Drawn(_mixed(common, SURNAMES[c].split() + _PARTICLED, tail), 1.0) for c in _STATES}
    surnames["HTI"] = _Drawn(SURNAMES["HTI"].split() + [f"{t}s" for t in tail[:800]], 0.9)
    given = {sex: _Drawn(names.split(), 0.85) for sex, names in (("f", _WOMEN), ("m", _MEN))}
    haitian = {"f": _Drawn(_HAITIAN_WOMEN.split(), 0.6), "m": _Drawn(_HAITIAN_MEN.split(), 0.6)}
    countries = [c for c, weight in _STATES.items() for _ in range(weight)]
    for _ in range(count):
        country, sex = chance.choice(countries), chance.choice("fm")
        names = haitian[sex] if country == "HTI" else given[sex]
        one, two = names(chance), names(chance)
        both = f"{one} {two}" if two != one and chance.random() < 0.72 else one
        second = "" if chance.random() < _only_one(country) else surnames[country](chance)
        yield Made(
            UUID(int=chance.getrandbits(128), version=4), country, sex, both, surnames[country](chance), second,
            _birthday(chance),
        )  # fmt: skip


def _mixed(common: list[str], own: list[str], tail: list[str]) -> list[str]:
    """A country's own names among the common ones: after the first dozen, turn about."""
    rest, mixed = common[12:], common[:12]
    for n in range(max(len(rest), len(own))):
        mixed += own[n : n + 1] + rest[n : n + 1]
    return mixed + tail


def _only_one(country: str) -> float:
    return {"HTI": 1.0, "BLZ": 0.8, "CRI": 0.02}.get(country, 0.05)


def _birthday(chance: random.Random) -> date:
    born = date(2025, 12, 31) - timedelta(days=int(chance.triangular(0, 80 * 365, 22 * 365)))
    return born.replace(month=1, day=1) if chance.random() < 0.06 else born  # only the year is known


# Mistakes. Each gives the person again, as the next desk wrote them.


def misspelt(word: str, chance: random.Random) -> str:
    """One slip of the ear or of the hand, never the same word: half as people spell, half as they type."""
    for _ in range(40):
        wrong = _by_ear(word, chance) if chance.random() < 0.5 else _by_hand(word, chance)
        if wrong != word:
            return wrong
    return word + "s"


_EAR = [
    ("z", "s"), ("s", "z"), ("ce", "se"), ("ci", "si"), ("v", "b"), ("b", "v"), ("ll", "y"), ("y", "ll"), ("h", ""),
    ("j", "x"), ("g", "j"), ("qu", "k"), ("c", "k"), ("rr", "r"), ("mb", "nb"), ("ñ", "n"), ("i", "y"), ("e", "i"),
    ("o", "u"), ("á", "a"), ("é", "e"), ("í", "i"), ("ó", "o"), ("ú", "u"), ("n", "m"), ("d", "t"), ("ez", "es"),
]  # fmt: skip


def _by_ear(word: str, chance: random.Random) -> str:
    heard, said = chance.choice(_EAR)
    return word.lower().replace(heard, said, 1).capitalize()


def _by_hand(word: str, chance: random.Random) -> str:
    at, letter = chance.randrange(len(word)), chance.choice("aeionrslctdm")
    match chance.randrange(4):
        case 0:
            wrong = word[:at] + word[at + 1 :] if len(word) > 3 else word
        case 1:
            wrong = word[:at] + letter + word[at:]
        case 2:
            wrong = word[:at] + letter + word[at + 1 :]
        case _:
            wrong = word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]
    return wrong.strip(" -").lower().capitalize() or word


def second_misspelt(person: Made, chance: random.Random) -> Made:
    """The second surname; the only one, where there is no second."""
    if person.second:
        return replace(person, second=misspelt(person.second, chance))
    return replace(person, first=misspelt(person.first, chance))


def both_misspelt(person: Made, chance: random.Random) -> Made:
    """Both surnames, or the only one."""
    wrong = second_misspelt(person, chance)
    return replace(wrong, first=misspelt(person.first, chance)) if person.second else wrong


def surnames_swapped(person: Made, _chance: random.Random) -> Made:
    return replace(person, first=person.second, second=person.first) if person.second else person


def accents_missing(person: Made, _chance: random.Random) -> Made:
    plain = str.maketrans("áéíóúüñÁÉÍÓÚÑçè", "aeiouunAEIOUNce")
    return replace(
        person,
        given=person.given.translate(plain), first=person.first.translate(plain), second=person.second.translate(plain),
    )  # fmt: skip


def day_and_month_exchanged(person: Made, _chance: random.Random) -> Made:
    born = person.born
    return replace(person, born=born.replace(month=born.day, day=born.month)) if born.day <= 12 else person


def first_of_january(person: Made, _chance: random.Random) -> Made:
    return replace(person, born=person.born.replace(month=1, day=1))


def years_off(person: Made, chance: random.Random) -> Made:
    born, by = person.born, chance.choice((-3, -2, 2, 3))
    return replace(person, born=born.replace(year=born.year + by, day=min(born.day, 28)))


def second_given_left_out(person: Made, _chance: random.Random) -> Made:
    return replace(person, given=person.given.split()[0])


MISTAKES: list[Callable[[Made, random.Random], Made]] = [
    second_misspelt, both_misspelt, surnames_swapped, accents_missing, day_and_month_exchanged, first_of_january,
    years_off, second_given_left_out,
]  # fmt: skip
