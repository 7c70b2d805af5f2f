"""``python -m cosem.codegen``."""

import sys

from cosem.codegen.cli import main

sys.exit(main())
