"""The edge to HubSpot: the only package that speaks to a portal, paced, patient and plain about failures."""
