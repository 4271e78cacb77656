"""How fast an office's pages are with 100,000 invented persons in it."""
