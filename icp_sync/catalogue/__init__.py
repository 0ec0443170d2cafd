"""What every HubSpot portal is born with: its standard company properties, and the labels exports call them by.

Facts of HubSpot as data, and nothing of ours: `properties` reads them from `standard_properties.json`, `labels` finds
a property by what people see. The sandbox serves these properties, `tables` reads HubSpot's exports by them.
"""
