"""The addresses of registration, under /es/people/ and /en/people/: one block an area."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, register_converter

from mirps.web.pages.people import (
    amend,
    card,
    door_seat,
    duplicates,
    extracts,
    group,
    group_acts,
    person,
    register,
    search,
    shares,
    tasks,
    unhide,
    verify,
)


class PersonNumber:
    """MEX-7K3Q9-2VXHD-C."""

    regex = "[A-Z]{3}-[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class GroupNumber(PersonNumber):
    """MEX-G-7K3Q9-2VXHD-C."""

    regex = "[A-Z]{3}-G-[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]"


register_converter(PersonNumber, "person")
register_converter(GroupNumber, "group")

patterns: list[URLPattern | URLResolver] = [
    path("people/", search.search, name="people-search"),
    path("people/seat/", door_seat.seat, name="people-seat"),
    path("people/register/", register.register, name="people-register"),
    path("people/work/", tasks.tasks, name="people-tasks"),
    path("people/duplicates/", duplicates.queue, name="people-duplicates"),
    path("people/duplicates/<uuid:id>/", duplicates.pair, name="people-duplicates-pair"),
    *extracts.patterns,
    path("people/shares/", shares.listed, name="people-shares"),
    path("people/<person:number>/joined/<person:joined>/", duplicates.part, name="people-duplicates-joined"),
    path("people/picture/<str:token>/", person.sealed_file, name="people-picture"),
    path("people/fact/<uuid:id>/correct/", amend.correct, name="people-correct"),
    path("people/fact/<uuid:id>/withdraw/", amend.withdraw, name="people-withdraw"),
    path("people/<group:number>/", group.group, name="people-group"),
    path("people/<group:number>/cards/", card.cards, name="people-cards"),
    path("people/<group:number>/take/", group_acts.take_in, name="people-group-take"),
    path("people/<group:number>/say/<slug:kind>/", amend.add, name="people-group-add"),
    path("people/<group:number>/<slug:act>/", group_acts.happens, name="people-group-act"),
    path("people/<person:number>/", person.file, name="people-file"),
    path("people/<person:number>/shares/", shares.of_file, name="people-file-shares"),
    path("people/<person:number>/verify/", verify.verify, name="people-verify"),
    path("people/<person:number>/unhide/", unhide.ask, name="people-unhide"),
    path("people/<person:number>/cleared/<slug:sensitivity>/", unhide.cleared, name="people-cleared"),
    path("people/<person:number>/history/", person.history, name="people-history"),
    path("people/<person:number>/card/", card.card, name="people-card"),
    path("people/<person:number>/say/<slug:kind>/", amend.add, name="people-add"),
]
