"""How vardag looks: the base page, tokens of colour, space and type, and the small ES modules that all pages share.

Entered by every room with pages, through templates and ``/static/design/``. It refuses scripts inside a page, anything
from other hosts, and text that no catalogue knows.
"""
