"""Numbers as people type them → intervals: which part of a text states one, its digits, units and bounds."""
