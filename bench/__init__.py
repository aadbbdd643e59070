"""Speed, memory and size beside the neighbouring tools: `python -m bench`.

measure.py runs processes in turn, install.py fetches the peers, rows.py says what is compared with what,
table.py prints it. `ours/` and `peers/` hold the programs that are measured.
"""
