"""What we remember between runs, in one directory a portal and profile: lock, runs, lists, saved plans."""
