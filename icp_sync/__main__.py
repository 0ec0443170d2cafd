"""`python -m icp_sync` is `icp-sync`."""

import sys

from icp_sync.cli import main

sys.exit(main())
