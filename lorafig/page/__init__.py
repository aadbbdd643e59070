"""The interactive page of a figure: one HTML file with the picture, its numbers and sliders."""
