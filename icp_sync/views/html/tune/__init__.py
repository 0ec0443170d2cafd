"""The what-if page: an answer and the profile's movable values in, HTML or JSON out.

`whatif_answer` holds what there is to show, `profile_controls` what can be moved, `panels` puts both into words,
`charts` draws SVG by attributes alone (the page's policy refuses an inline style), `page` sets the templates of
`templates/tune`.
"""
