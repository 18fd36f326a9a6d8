"""The tables of this band, by area."""

from mirps.casework.appointments.models import (
    Appointment,
    AppointmentEvent,
    Away,
    Conflict,
    Hold,
    Hours,
    Interpreter,
    Order,
    OrderEvent,
    Room,
    Speaks,
    Supplier,
    Turn,
)
from mirps.casework.cases.models import (
    Absence,
    Case,
    CaseEvent,
    Decree,
    Handling,
    Party,
    Post,
    Standing,
    Subject,
)
from mirps.casework.editions.models import Edition, Moving
from mirps.casework.letters.models import Letter, LetterEvent, LetterTemplate, SigningKey, VoidSlot
from mirps.casework.origin.models import OriginSource
from mirps.casework.referrals.models import Referral, ReferralEvent, ReferralPart
from mirps.casework.sessions.models import Item, Membership, Session, SessionEvent
from mirps.casework.window.models import WindowAccess, WindowAnswer, WindowItem, WindowTry, WindowVisit

__all__ = [
    "Absence", "Appointment", "AppointmentEvent", "Away", "Case", "CaseEvent", "Conflict", "Decree", "Edition",
    "Handling",
    "Hold", "Hours", "Interpreter", "Item", "Letter", "LetterEvent", "LetterTemplate", "Membership", "Moving",
    "Order", "OrderEvent", "OriginSource", "Party", "Post", "Referral", "ReferralEvent",
    "ReferralPart", "Room", "Session", "SessionEvent", "SigningKey", "Speaks", "Standing",
    "Subject", "Supplier", "Turn", "VoidSlot", "WindowAccess", "WindowAnswer", "WindowItem", "WindowTry", "WindowVisit",
]  # fmt: skip
