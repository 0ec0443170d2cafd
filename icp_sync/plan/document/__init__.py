"""What a run leaves behind: one JSON document of counts and short lists, from which pages and reports are drawn.

In: a plan, the scored companies it was drawn from, what came of it. Out: a `ReportDocument`, at most 400 KB however
many companies there are. It is saved as `STATE/reports/RUN_ID.json`, printed by `icp-sync report --json`, and drawn
by `icp-sync report`; nothing else is needed to draw it, no portal, no profile file, no snapshot.

- `report_document` is the whole; its parts are in `named_companies` (companies named one by one), `profile_figures`
  (counts of companies), `movement` (what changes and why) and `run_sections` (what the run did, which `--json` of the
  run has too: `run_document`). `plan_figures` counts them while the frames are at hand, by the modules `…_counts`;
  `ranked_companies` chooses who is named.
- *Bounded*: every list of companies has a most, named in its model. Counts are of all companies, lists of a few.
- *Wanted*: what the plan asks for; *on the records*: what stands in HubSpot. They differ where a plan is held.
- Money, names and texts come from the portal as they are: whoever draws them escapes them.
"""
