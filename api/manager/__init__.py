"""The manager's door: what the provider's teams amount to.

Owns how sums over many people are shown. Entered by managers only, each seeing the own provider. Refuses names: whoever answers for
a provider needs to know how it goes, not for whom.
"""
