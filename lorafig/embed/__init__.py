"""Figures inside documentation: a fence in Markdown, a directive in Sphinx, a cell in Jupyter.

The three share how a figure is asked for (`request`), how its spec is found (`source`) and how it
becomes part of a page (`inline`). markdown, pymdownx, docutils and sphinx are imported only where a tool
that has them calls us; Jupyter is never imported.
"""
