"""The language server: what an editor shows while a spec is written.

`analysis` reads and verifies a text, `context` says where in a spec a position is, `complete`, `hover` and
`fixes` answer from both; all of them are functions of a text. `server` is the protocol, by pygls.
"""
