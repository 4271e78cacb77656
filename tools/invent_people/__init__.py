"""Invented people for exchange folders: who is sought, who is held, and who is who.

``python -m tools.invent_people --recipe istanbul-2025 --out examples/istanbul-2025`` writes the
lists of an example; the same recipe and seed always give the same bytes. Nobody here is real:
names are put together at random from tables of names without persons (see names/ORIGIN.md).

The library twin of the command::

    from tools.invent_people.lists import invent_lists
    from tools.invent_people.recipe import read_recipe

    files = invent_lists(read_recipe("istanbul-2025"))  # path in the folder -> text
"""
