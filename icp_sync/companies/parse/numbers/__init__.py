"""Numbers as people type them → intervals: which part of a text states one, what its digits, units and bounds say."""
