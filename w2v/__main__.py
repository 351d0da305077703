"""`python -m w2v` runs the `w2v` command."""

from w2v.cli import main

if __name__ == "__main__":
    main(prog_name="w2v")
