"""Losses that keep predictions from being too sure, forward and backward, as they are composed in eager PyTorch."""
import torch
import torch.nn.functional as F
from golden import integers, tensor


def loss(compute, rows, classes):
    logits = tensor("logits", rows, classes, scale=4).requires_grad_()
    labels = integers("labels", classes, rows)
    weight = tensor("weight", classes, scale=0.5, shift=1)

    def run():
        logits.grad = None
        compute(logits, labels, weight).backward()

    return run, lambda: compute(logits, labels, weight).item() + logits.grad.abs().sum().item()


def label_smoothing(logits, labels, weight):
    return F.cross_entropy(logits, labels, weight=weight, label_smoothing=0.1)


def confidence_penalty(logits, labels, weight):
    logarithms = F.log_softmax(logits, dim=1)
    entropy = -(logarithms.exp() * logarithms).sum(dim=1)
    return F.nll_loss(logarithms, labels) - 0.1 * entropy.mean()


SIZES = [(256, 10), (256, 1000), (64, 32000)]
CASES = {
    f"{name}-{rows}x{classes}": lambda compute=compute, rows=rows, classes=classes: loss(compute, rows, classes)
    for name, compute in [("label-smoothing", label_smoothing), ("confidence-penalty", confidence_penalty)]
    for rows, classes in SIZES
}
