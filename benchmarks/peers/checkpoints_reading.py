"""Half a gigabyte of weights into a module: by torch.load, and as a mere copy from memory."""
import pathlib
import tempfile

import torch
from torch import nn

LAYERS, WIDTH = 31, 2048


def model():
    return nn.Sequential(*(nn.Linear(WIDTH, WIDTH) for _ in range(LAYERS)))


def path(extension):
    """What our side has written."""
    return pathlib.Path(tempfile.gettempdir(), f"deeptricks-bench-{LAYERS}x{WIDTH}{extension}")


def result(target):
    return lambda: sum(parameter.abs().sum().item() for parameter in target.parameters())


def read_pth():
    target = model()

    def run():
        target.load_state_dict(torch.load(path(".pth")))

    return run, result(target)


def copy():
    target = model()
    source = {name: torch.linspace(-1, 1, value.numel()).view(value.shape) for name, value in target.state_dict().items()}

    def run():
        with torch.no_grad():
            for name, value in target.state_dict().items():
                value.copy_(source[name])

    return run, result(target)


CASES = {"read-pth": read_pth, "read-safetensors": copy}
