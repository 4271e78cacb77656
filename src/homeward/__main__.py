"""``python -m homeward``: the commands, without the installed script."""

from homeward.cli import main

if __name__ == "__main__":
    main(prog_name="homeward")
