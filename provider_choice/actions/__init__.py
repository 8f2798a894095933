"""The verbs of the choice, one a file: the only writers of requests.

Each reads, asks the rules, writes through the stores and never commits. Entered by `api`. Refuses what the rules refuse.
"""
