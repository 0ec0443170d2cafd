"""Every night: bring HubSpot in line with the profile."""

import sys

from icp_sync.cli import main

if __name__ == "__main__":
    sys.exit(main(["run", "--quiet", *sys.argv[1:]]))
