"""Every week: the same as the nightly job, with every company read anew, whatever is remembered."""

import sys

from icp_sync.cli import main

if __name__ == "__main__":
    sys.exit(main(["run", "--full", "--quiet", *sys.argv[1:]]))
