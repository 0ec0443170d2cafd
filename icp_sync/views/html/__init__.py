"""The page of a run: a document in, one HTML file out, with no script and nothing to load.

In: a `ReportDocument` and those of the runs before it. Out: the text of the page. `report_page` joins the panels, in
the order a reader asks: what is it, what moved, why, what to do.

- A *panel* is a module that turns the document's numbers into sentences, shares and rows, and a template of the same
  name in `templates/panels` that sets them; its *finding* is the one sentence everybody reads.
- A *figure* is a picture, the caption that says what it shows, and a table of the same numbers. Pictures are drawn in
  two widths, so that their words stay readable on a phone.
- `environment` is what makes it safe: everything is escaped, and only records in HubSpot are links.
"""
