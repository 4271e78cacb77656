"""The office as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """One side's workplace."""

    name = "homeward.office"
    label = "office"
