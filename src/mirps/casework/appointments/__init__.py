"""When a person is seen, by whom, where, and with which interpreter: slots, bookings, interpreters, their orders."""
