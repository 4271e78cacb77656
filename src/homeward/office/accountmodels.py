"""Who works in this office, what waits for a second officer, and who looked at what."""

from __future__ import annotations

from django.db import models


class Account(models.Model):
    """One person's way into the office: a role, and the officer's key they sign with, if any."""

    name = models.CharField(max_length=40, unique=True)
    role = models.CharField(max_length=40)
    officer = models.CharField(max_length=80, blank=True)
    password = models.CharField(max_length=200)  # Django's hashers
    secret = models.CharField(max_length=64, blank=True)  # of one-time codes; none in rehearsals
    last_code = models.BigIntegerField(default=0)  # the half minute of the last code: it opens once
    failures = models.PositiveSmallIntegerField(default=0)
    closed_until = models.DateTimeField(null=True)
    active = models.BooleanField(default=True)
    generation = models.PositiveIntegerField(default=1)  # sessions of an older one have ended
    made_at = models.DateTimeField()


class Access(models.Model):
    """One look at a person's data: who, when, what for. It carries a number, never a name."""

    at = models.DateTimeField()
    account = models.CharField(max_length=40)
    role = models.CharField(max_length=40)
    what = models.CharField(max_length=40)
    subject = models.BigIntegerField(null=True)
    count = models.PositiveIntegerField(default=1)
    reason = models.TextField(blank=True)


class Waiting(models.Model):
    """A binding act that one officer asks for and another must confirm in a session of their own.

    ``body`` is what the verb will be asked with; ``digest`` is what both officers saw.
    """

    verb = models.CharField(max_length=40)
    room = models.CharField(max_length=40)
    body = models.TextField()
    digest = models.CharField(max_length=64)
    asked_by = models.CharField(max_length=40)
    asked_officer = models.CharField(max_length=80, blank=True)
    asked_at = models.DateTimeField()
    answered_by = models.CharField(max_length=40, blank=True)
    answered_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, default="open")  # open | done | refused | withdrawn

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["digest"], condition=models.Q(state="open"), name="asked_once"
            )
        ]


class Sent(models.Model):
    """A form that was sent: the same form sent twice does nothing twice."""

    token = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
