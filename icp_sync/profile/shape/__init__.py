"""Whether a file has the shape of a profile: pydantic's verdicts, worded for people, with the key that was meant."""
