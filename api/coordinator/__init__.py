"""The coordinator's door: the day of a team as a timeline, how it is planned anew, and what that changes for whom.

Owns the pages below `/planering`, the JSON of a team's day, and the snapshots that keep an open page true. Entered by
coordinators, each for their own team. It refuses other teams' days, and to say anything by colour alone.
"""
