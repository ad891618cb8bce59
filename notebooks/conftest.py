"""`pytest notebooks` meets no learner's progress: outputs are those of someone who begins."""

from __future__ import annotations

import os
import tempfile

os.environ["TEACHKIT_PROGRESS"] = os.path.join(
    tempfile.mkdtemp(prefix="teachkit-notebooks-"), "progress.json"
)
