"""Calendar feeds: the coming visits in whatever calendar a citizen or a carer already uses.

Owns the iCalendar form of a day and the page where a feed is opened and revoked. Entered by calendars, with a secret
address instead of a session. Refuses names, addresses and protected identities: a calendar is copied to places nobody watches over.
"""
