"""Companies for an empty portal: generated from a seed, or loaded from a CSV or Parquet file.

`generate_companies` draws the columns (`generate_text` those that only describe a company) from `population.json`;
`company_file` reads a file, whose headers `export_columns` maps to properties, HubSpot's own export labels among them.
"""
