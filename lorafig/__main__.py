"""`python -m lorafig`: the command line."""

from lorafig.cli import program

if __name__ == "__main__":
    program()
