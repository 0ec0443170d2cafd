"""A profile: text → typed, checked value, and what can be said of it without a portal."""
