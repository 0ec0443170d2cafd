"""Once, after a new or changed profile: score every company again, without the question a terminal gets."""

import sys

from icp_sync.cli import main

if __name__ == "__main__":
    sys.exit(main(["backfill", "--yes", *sys.argv[1:]]))
