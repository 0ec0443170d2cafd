"""Tells the world how a run ended: messages to people, a ping to a dead-man's switch, metrics to a file.

In go values of `plan`; out goes one message a notice that is due (`messages`, sent by `channels`), one GET to the ping
address (`ping`), one Prometheus text file (`metrics`). Nothing here changes how a run ends: what cannot be delivered
is returned as a sentence for a warning. Addresses are secrets; no sentence holds one.
"""
