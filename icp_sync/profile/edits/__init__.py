"""Edits of a profile: what a what-if moves, as a value, applied to the loaded profile or to the file's text.

An *edit* gives one place of a profile another value; `Edits` maps places to values. A place is a `Path` whose second
step is a name, not a number, so that it outlives a change of order: `("criteria", "country", "weight")`.

`movable_values` says which places those are and what they hold now. `edit_paths` finds them in the file's plain data,
`edit_data_changes` says what follows from moving them (a criterion taken out is not required any more).
`edited_profile` carries the changes out on the data (about 3 ms), `text` in the text, at the parser's marks:
`change_writer` chooses, `mapping_keys` and `list_items` write; then it proves that the text loads as the profile of
`edited_profile`. `query_pairs` turns edits into pairs for an address (`criteria.country.weight=25`) and back.
`review_insertion` adds a review to the header, which nothing is judged by. What a test expects is a place as well, so
that it can be made to expect what comes out.
"""
