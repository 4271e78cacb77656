"""What one office keeps beside the record: lists, proposals, decisions, who a handle is.

Everything here can be erased while every proof in the record stands.
"""

from __future__ import annotations

from django.db import models


class Note(models.Model):
    """A single value the office keeps, such as the text of its exchange."""

    key = models.CharField(max_length=80, primary_key=True)
    value = models.TextField()


class ListFile(models.Model):
    """An imported list as it came; a later edition supersedes the former, which is kept."""

    which = models.CharField(max_length=8)  # held | sought
    edition = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    data = models.BinaryField()
    imported_at = models.DateTimeField()
    officer = models.CharField(max_length=80)
    indexed = models.BooleanField(default=False)  # whether search knows its lines
    compared = models.JSONField(default=dict)  # what it changes and is worth, once counted

    class Meta:
        constraints = [models.UniqueConstraint(fields=["which", "edition"], name="one_edition")]


class Proposal(models.Model):
    """The matcher's proposal that a line sought by another side is a person held here."""

    seeker = models.CharField(max_length=80)
    sought_id = models.CharField(max_length=200)
    held_id = models.CharField(max_length=200)
    probability = models.FloatField()
    decision = models.CharField(max_length=12)  # same | review
    reasons = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seeker", "sought_id", "held_id"], name="one_proposal")
        ]


class Decision(models.Model):
    """An officer's word on a proposal; taking it back adds a line, nothing is overwritten."""

    seeker = models.CharField(max_length=80)
    sought_id = models.CharField(max_length=200)
    held_id = models.CharField(max_length=200)
    same = models.BooleanField()
    officer = models.CharField(max_length=80)
    at = models.DateTimeField()


class Handle(models.Model):
    """Who stands behind a handle: the one erasable table that joins a person to the record."""

    handle = models.CharField(max_length=32, primary_key=True)
    seeker = models.CharField(max_length=80)
    held_id = models.CharField(max_length=200)
    sought_id = models.CharField(max_length=200)


# Django finds an application's tables through this module.
from homeward.office import accountmodels, personmodels  # noqa: E402, F401
