"""Everything that faces outward: the command line, web pages, JSON, live sockets, background runs, feeds.

Owns the clock on the wall, the transaction around a request, who is signed in, and how things are said in Swedish
and other languages. Entered by people and their phones; may import every other room, and none of them knows it.
It refuses a route without a policy, and a reply before the commit.
"""
