"""Companies as the portal holds them, and what their texts mean: one frame, one typed reading a value."""
