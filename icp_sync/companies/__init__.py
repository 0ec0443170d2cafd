"""Companies as the portal sends them, and their texts parsed to typed values. Pure: frames in, frames out.

`frame` is the contract of the company frame: one row a company, Int64 `id`, one String column for each property.
`property_definitions` and `enumeration_options` describe the portal's properties, `parse` adds typed columns,
`snapshot` merges newer rows and our own writes into the companies of the last run.
"""
