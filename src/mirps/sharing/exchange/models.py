"""Our keys, our peers and theirs, what was sent and what came. Nothing here is of a person.

A package is kept whole, as it travelled: what came so that it can be given back to whoever lost it, what went so
that it can be sent again to whoever was restored from an old backup.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class NodeKey(models.Model):
    """A pair of keys of this node, the public halves. The private ones come from the key file (base/crypto) and are
    written nowhere: a database restored from an old backup so loses none."""

    generation = models.IntegerField(primary_key=True)
    kid = models.CharField(max_length=24, unique=True)
    version = models.SmallIntegerField()  # of the key file's master key that they come from
    public = models.BinaryField()  # Ed25519, 32 bytes
    sealing = models.CharField(max_length=80)  # age, X25519
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["generation"]

    def __str__(self) -> str:
        return f"{self.generation} {self.kid}"


class Peer(models.Model):
    """Another node, known by its card, whose fingerprint somebody compared."""

    code = models.CharField(max_length=5, primary_key=True)
    address = models.URLField(blank=True)  # empty: it comes to us, or by hand
    paused = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=150)
    #: Tries since the line last held, when it is tried next, when it held, and what went wrong last.
    tries = models.IntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    met_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.code


class PeerKey(models.Model):
    """A pair of a peer's public keys. One that was rotated stays valid for what it signed before."""

    kid = models.CharField(max_length=24, primary_key=True)
    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, related_name="keys")
    generation = models.IntegerField()
    public = models.BinaryField()
    sealing = models.CharField(max_length=80)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)  # by the peer's own clock

    class Meta:
        ordering: ClassVar = ["peer", "generation"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["peer", "generation"], name="exchange_generation_once")
        ]

    def __str__(self) -> str:
        return f"{self.peer_id} {self.kid}"


class InstitutionKey(models.Model):
    """The age key of another State's institution, to which what is for it alone is sealed."""

    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, related_name="institutions")
    institution = models.CharField(max_length=40)
    public = models.CharField(max_length=80)
    generation = models.IntegerField()  # of its node's keys, when it was told
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["institution", "generation"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["institution"], condition=models.Q(ended_at=None), name="exchange_institution_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.institution} {self.generation}"


class Lane(models.Model):
    """How far a lane is: outward the last number given, inward the last one settled; and its link."""

    outward = models.BooleanField()
    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, related_name="lanes")
    stream = models.CharField(max_length=20)
    number = models.IntegerField(default=0)
    link = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["peer", "stream", "outward"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["outward", "peer", "stream"], name="exchange_lane_once")
        ]

    def __str__(self) -> str:
        return f"{self.peer_id} {self.stream} {self.number}"


class Package(models.Model):
    """`state` inward: waiting (for one before it), taken or refused; outward: waiting (for its receipt), taken or
    refused by the other, aside (its number turned out to be another's: it goes again under a new one)."""

    WAITING, TAKEN, REFUSED, ASIDE = "waiting", "taken", "refused", "aside"

    lane = models.ForeignKey(Lane, on_delete=models.PROTECT, related_name="packages")
    number = models.IntegerField()  # negative while aside
    id_of = models.UUIDField()
    link = models.CharField(max_length=64)
    head = models.TextField()
    body = models.BinaryField()
    state = models.CharField(max_length=8)
    reason = models.CharField(max_length=80, blank=True)
    values = models.JSONField(default=dict)
    about = models.JSONField(default=dict)  # what it brought or brings, for lists of packages
    made_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    told = models.BooleanField(default=False)  # inward: its outcome went back as a receipt

    class Meta:
        ordering: ClassVar = ["lane", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lane", "number"], name="exchange_number_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["state"]), models.Index(fields=["lane", "id_of"])]

    def __str__(self) -> str:
        return f"{self.lane} {self.number} {self.state}"


class TurnedAway(models.Model):
    """Something that was not taken and left its lane as it was: who it says it is from, why not, how it came."""

    at = models.DateTimeField()
    sender = models.CharField(max_length=5, blank=True)
    reason = models.CharField(max_length=80)
    values = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    via = models.CharField(max_length=10)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.sender} {self.reason}"
