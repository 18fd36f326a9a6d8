"""The MIRPS platform.

Read the bands downward, it is the journey of the data: base, (people, casework,)
evidence, planning, sharing, web; config holds the settings. See docs/house.md.
"""

__version__ = "0.1.0"
