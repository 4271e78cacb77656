"""Plan, carry out and prove a prisoner exchange between sides that do not trust each other."""

__all__ = ["__version__"]

__version__ = "0.1.0"
