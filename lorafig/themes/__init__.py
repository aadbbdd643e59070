"""How a figure looks: palettes, measures and the widths of venues, as data, and what follows from them."""
