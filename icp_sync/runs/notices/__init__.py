"""What people are told of a run: its topics, the facts for the words, and sending what is due.

`topics` makes each matter's state of plain values, `message_facts` the numbers, companies and next commands,
`run_metrics` those of the metrics. `collect` reads them for a session; `send` compares them with what was sent
last, sends and remembers.
Nothing here changes how a run ends.
"""
