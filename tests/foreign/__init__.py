"""HubSpot clients of other people, against the sandbox: a program each, its counts on stdout as JSON."""
