"""A company frame and a profile in, credits, fit score, outcome, tier and reasons out."""
