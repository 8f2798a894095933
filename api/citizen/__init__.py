"""The citizen's door: today, granted time, and the choice of provider, in plain words and large type.

Owns what a citizen is told and how. Entered by citizens only, each seeing themselves. Refuses abbreviations, small print, and
whatever is not about the one who reads.
"""
