"""`python -m lorafig.documentation docs`."""

import sys

from lorafig.documentation import PAGES
from lorafig.files import write_whole

for name, page in PAGES.items():
    write_whole(f"{sys.argv[1]}/{name}", page())
