"""Workbooks: a round's questions as an XLSX for each institution, filled offline, taken in again."""
