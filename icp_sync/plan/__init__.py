"""What must change in the portal, as a value: sorted, immutable, fingerprinted. Pure."""
