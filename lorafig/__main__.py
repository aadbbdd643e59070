"""`python -m lorafig`: the command line."""

from lorafig.cli import main

if __name__ == "__main__":
    main()
