"""NumPy's, on the device."""

import numpy as _np

from cupy._core import _on_device

for _name in _np.fft.__all__:
    if callable(getattr(_np.fft, _name)):
        globals()[_name] = _on_device(getattr(_np.fft, _name), _name, makes=_name.endswith("freq"))
