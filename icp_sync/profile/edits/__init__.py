"""Edits of a profile: what a what-if moves, as a value, applied to the loaded profile or to the file's text.

An *edit* gives one place of a profile another value; `Edits` maps places to values. A place is a `Path` whose second
step is a name, not a number, so that it outlives a change of order: `("criteria", "country", "weight")`.

`movable` says which places those are and what they hold now; `apply` makes the edited `Profile` (no text involved,
about 3 ms); `text` edits the file's text at the parser's marks and proves that it loads as that same profile;
`written` turns edits into pairs for an address (`criteria.country.weight=25`) and back; `expectations` are the edits
that make a profile's tests expect what now comes out.
"""
