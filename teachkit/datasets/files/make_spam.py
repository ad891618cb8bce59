"""Make spam.npz from spam.rda, UCI's Spambase as the R package kernlab has it.

    python teachkit/datasets/files/make_spam.py .../kernlab/data/spam.rda

The file was made from kernlab 0.9-32, read by rdata 1.1. Frequencies are in per cent, lengths are
counts of letters.
"""

import sys
from pathlib import Path

import numpy as np
import rdata

table = rdata.read_rda(sys.argv[1])["spam"]
spam = (table.pop("type") == "spam").to_numpy()
values = table.to_numpy(float)
np.savez_compressed(
    Path(__file__).with_name("spam.npz"),
    values=values,
    spam=spam.astype(np.uint8),
    names=np.array(table.columns, dtype="U"),
)
