"""Buildings as energy sees them: which kinds there are, the heat they ask for, and the meter that counts it.

District heating and buildings both measure them, so their physics stand beside the verticals.
"""
