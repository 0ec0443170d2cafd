"""Companies over HubSpot's API: read by page, by search and by batch, and written with every result accounted for."""
