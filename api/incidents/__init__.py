"""The door for what has gone wrong: whoever works with the help reports it, and the provider's manager handles it.

Owns the form and the journal's pages. Entered by carers and coordinators, each seeing what they have reported themselves, and by
managers. Refuses to be part of anything that counts minutes, and to let anybody change what was once written.
"""
