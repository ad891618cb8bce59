"""One device, always there."""


class Device:
    """The device: all of them are the same."""

    def __init__(self, device=None):
        self.id = 0 if device is None else int(getattr(device, "id", device))

    def __eq__(self, other):
        return isinstance(other, Device) and self.id == other.id

    def __hash__(self):
        return hash(self.id)

    def __int__(self):
        return self.id

    def __enter__(self):
        return self

    def __exit__(self, *ended):
        return None

    mem_info = (2**34, 2**36)  # bytes that are free, and all

    def __repr__(self):
        return f"<CUDA Device {self.id}>"
