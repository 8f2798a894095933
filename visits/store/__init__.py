"""The tables, one noun a file, each with its few queries in words of the field, returning frozen records.

No row object leaves this room, and every query about a person takes a `Viewer`. `actions` writes through it, `api`
opens the sessions; it refuses to commit, to know the web, and to read the clock.
"""
