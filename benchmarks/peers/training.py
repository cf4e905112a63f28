"""A single operator, and whole steps of training as PyTorch's tutorials write them."""
import torch
import torch.nn.functional as F
from golden import fill, integers, tensor
from torch import nn


def operator_call():
    left, right = tensor("left", 3, 4), tensor("right", 3, 4)

    def run():
        with torch.no_grad():
            for _ in range(1000):
                torch.add(left, right)

    return run, lambda: torch.add(left, right).abs().sum().item()


def step(model, make_optimizer, *image_shape):
    fill(model)
    optimizer = make_optimizer(model.parameters())
    images, labels = tensor("images", 64, *image_shape), integers("labels", 10, 64)

    def run():
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()

    return run, lambda: sum(parameter.abs().sum().item() for parameter in model.parameters())


def mlp():
    return nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10))


def cnn():
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(32 * 7 * 7, 10))


def sgd(parameters):
    return torch.optim.SGD(parameters, 0.01, momentum=0.9)


def adam(parameters):
    return torch.optim.Adam(parameters, 0.001)


CASES = {
    "operator-call": operator_call,
    "mlp-sgd-step": lambda: step(mlp(), sgd, 784),
    "mlp-adam-step": lambda: step(mlp(), adam, 784),
    "cnn-step": lambda: step(cnn(), sgd, 1, 28, 28),
}
