"""What search and the people's pages read: every edition's lines, and the keys of their names.

All of it is made from the lists as they came; erasing it loses nothing that was signed.
"""

from __future__ import annotations

from django.db import models

from homeward.office.models import ListFile, Proposal


class Person(models.Model):
    """A person of an own list, by the list's own id, through all editions."""

    which = models.CharField(max_length=8)  # held | sought
    line_id = models.CharField(max_length=200)
    shown = models.CharField(max_length=300)  # the name in the newest edition that has one
    born = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["which", "line_id"], name="one_person")]


class Saying(models.Model):
    """What one edition says about one person: never overwritten, only followed by another."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    edition = models.ForeignKey(ListFile, on_delete=models.CASCADE)
    row = models.PositiveIntegerField()
    cells = models.JSONField()


class NameKey(models.Model):
    """One key under which a person is found, whatever the script it was written in."""

    # written by the hundred thousand, made anew from the lists at any time: nothing is looked up
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_index=False, db_constraint=False
    )
    key = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "person"], name="each_key_once")]


class Upload(models.Model):
    """A file on its way in: file, columns, check; nothing of it counts before the last step."""

    which = models.CharField(max_length=8)
    name = models.CharField(max_length=200)
    data = models.BinaryField()
    mapping = models.JSONField(default=dict)
    account = models.CharField(max_length=40)
    at = models.DateTimeField()
    state = models.CharField(max_length=12, default="new")  # new | checking | checked | kept
    stage = models.CharField(max_length=20, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    found = models.JSONField(default=dict)  # counts by status and problem code


class Look(models.Model):
    """One officer's word on a proposal under review; two that agree settle it."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE)
    account = models.CharField(max_length=40)
    word = models.CharField(max_length=12)  # same | different | unsure
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "account"], name="one_word_each")
        ]


class Asked(models.Model):
    """What a person offered said when asked alone, and whether they are fit to travel."""

    handle = models.CharField(max_length=32, primary_key=True)
    wish = models.CharField(max_length=12, blank=True)  # willing | unwilling
    fit = models.CharField(max_length=12, blank=True)  # fit | unfit
    account = models.CharField(max_length=40)
    at = models.DateTimeField()
