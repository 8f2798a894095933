"""What is live: open pages that change by themselves when the record does.

Owns the sockets, the hub that knows which page shows whose day, the relay that reads the outbox, and the loops that run beside
the requests. Entered by the audiences, each of which says how its day is told (`hub.Audience`). Refuses to keep anything: a
page that misses a message is simply told the whole day again.
"""
