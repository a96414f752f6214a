"""How accurate the contact methods are: everything that can be said, measured again by ``make validation``.

Reference recordings first, then the simulator of segments, then a report that is written from the results alone.
"""
