"""What flows through a figure: stacks and flows alike, lowered once to one graph.

What verification runs, and what words, alternative text and Mermaid tell, is this graph.
"""
