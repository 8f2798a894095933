"""The demo: one command with a made-up town, a database of its own, a day already under way, and somebody playing the carers.

Owns nothing that production uses. Entered by the command line and the tests. Refuses to touch any database but its own.
"""
