"""The addresses of appointments, interpreters and sessions, under /es/ and /en/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from mirps.web.pages.casework import (
    appointments,
    appointments_book,
    appointments_leaving,
    appointments_office,
    interpreters,
    interpreters_orders,
    sessions,
    sessions_item,
)
from mirps.web.pages.casework import urls as _cases  # the converter of a case's number

assert _cases
patterns: list[URLPattern | URLResolver] = [
    path("appointments/", appointments.agenda, name="appointments"),
    path("appointments/agenda.ics", appointments.calendar, name="appointments-calendar"),
    path("appointments/moves/", appointments_leaving.to_move, name="appointments-moves"),
    path("appointments/rooms/<int:id>/", appointments_leaving.room, name="appointment-room"),
    path("appointments/office/", appointments_office.office, name="appointment-office"),
    path("appointments/<uuid:id>/", appointments.appointment, name="appointment"),
    path("appointments/<uuid:id>/move/", appointments_book.move, name="appointment-move"),
    path("cases/<case:number>/appointments/", appointments.of_case, name="case-appointments"),
    path("cases/<case:number>/sessions/", sessions.of_case, name="case-sessions"),
    path("cases/<case:number>/appointment/", appointments_book.book, name="appointment-book"),
    path("interpreters/", interpreters.interpreters, name="interpreters"),
    path("interpreters/orders/", interpreters_orders.orders, name="interpreters-orders"),
    path("interpreters/report/", interpreters_orders.report, name="interpreters-report"),
    path("interpreters/suppliers/<uuid:id>/", appointments_leaving.supplier, name="interpreters-supplier"),
    path("interpreters/<uuid:id>/", interpreters.interpreter, name="interpreter"),
    path("sessions/", sessions.sessions_, name="sessions"),
    path("sessions/bodies/<slug:code>/", sessions.body, name="session-body"),
    path("sessions/<uuid:id>/", sessions.session, name="session"),
    path("sessions/<uuid:id>/minutes.<str:form>", sessions.minutes, name="session-minutes"),
    path("sessions/<uuid:id>/<uuid:item>/", sessions_item.item, name="session-item"),
]
