"""What every HubSpot portal is born with: its standard properties, and the labels exports call them by.

Facts of HubSpot as data, and nothing of ours: `standard_properties` reads them from a JSON file for companies, deals
and contacts, and knows which of them deals write; `export_labels` finds a property by what people see. The sandbox
serves these properties, `tables` reads HubSpot's exports by them.
"""
