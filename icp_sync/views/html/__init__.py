"""The page of a run: a document in, one HTML file out, with no script and nothing to load.

`page` joins the panels, in the order a reader asks: what is it, what moved, why, what to do. Each panel is a module that
turns the document's numbers into sentences, shares and rows, and a template in `templates/panels` that sets them.
Pictures are drawn by `views/charts.py` in two widths, so that their words stay readable on a phone.
"""
