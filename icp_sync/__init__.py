"""icp_sync keeps a company's Ideal Customer Profile true inside HubSpot."""

__version__ = "0.1.0"
