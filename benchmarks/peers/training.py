"""A single operator, and whole steps of training as PyTorch's tutorials write them."""
import torch
from golden import tensor


def operator_call():
    left, right = tensor("left", 3, 4), tensor("right", 3, 4)

    def run():
        with torch.no_grad():
            for _ in range(1000):
                torch.add(left, right)

    return run, lambda: torch.add(left, right).abs().sum().item()


CASES = {
    "operator-call": operator_call,
}
