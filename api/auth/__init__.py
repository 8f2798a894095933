"""Who is at the door, and may they enter: identity, sign-in sessions, and the policy that every route names.

Owns the table of sign-in sessions and the cookie, and is the only maker of `Viewer`. Entered by every room with routes.
It refuses whoever has no session, requests from other sites, and, in production, the pretended identity.
"""
