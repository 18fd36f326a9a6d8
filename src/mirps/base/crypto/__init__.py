"""What keeps people unreadable in a stolen database: keys outside it, sealed values, a sealed index.

docs/adr/0017 says against whom, what still leaks, and what else was weighed.
"""
