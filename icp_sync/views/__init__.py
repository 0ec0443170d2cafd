"""Values → what people and machines read: terminal, JSON, CSV."""
