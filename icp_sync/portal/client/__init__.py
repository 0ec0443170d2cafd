"""One HTTP call to HubSpot and all that belongs to it: route, pace, retries, what an answer or a refusal says."""
