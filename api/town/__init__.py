"""A synthetic town: a municipality's home care, made up from a seed, so that demo, tests and benchmarks have days to plan.

Owns the lists of fictive names and streets and the numbers of the domain reference, sections 9 and 10. Entered by the command
line, the demo and the tests. Refuses chance without a seed: the same size, seed and days give the same town, byte for byte.
"""
