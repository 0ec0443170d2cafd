"""Faults on purpose: what can go wrong between a client and HubSpot, and when it does.

`fault_kinds` names every kind, `fault_injection` decides call by call which one hits, `hooks` calls back or kills a
process at a given call.
"""
