"""The sections of a round's report: texts in two languages with figures bound, never typed."""
