"""The actions: the only writers of the record, one verb a file.

An action reads, asks the rules, writes through the store, leaves events and audit entries, and never commits. Entered by
`provider_choice` and `api`. Refuses to be half done.
"""
