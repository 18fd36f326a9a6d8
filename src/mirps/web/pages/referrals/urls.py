"""The addresses of referrals, under /es/ and /en/."""

from __future__ import annotations

from django.urls import URLPattern, path

from mirps.web.pages.referrals import lists, new, one

patterns: list[URLPattern] = [
    path("referrals/", lists.listed, name="referrals"),
    path("referrals/<uuid:id>/", one.referral, name="referral"),
    path("people/<person:number>/refer/", new.refer, name="refer"),
]
