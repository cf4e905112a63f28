"""ResNet-50 of torchvision: inference on images of ImageNet's size, and a step of training."""
import torch
import torch.nn.functional as F
from golden import fill, integers, tensor
from torchvision.models import resnet50


def inference(rows):
    model, images = fill(resnet50()).eval(), tensor("images", rows, 3, 224, 224)

    def run():
        with torch.no_grad():
            return model(images)

    return run, lambda: run().abs().sum().item()


def train():
    model = fill(resnet50())
    optimizer = torch.optim.SGD(model.parameters(), 0.001, momentum=0.9)
    images, labels = tensor("images", 4, 3, 128, 128), integers("labels", 1000, 4)

    def run():
        optimizer.zero_grad()
        F.cross_entropy(model(images), labels).backward()
        optimizer.step()

    return run, lambda: sum(parameter.abs().sum().item() for parameter in model.parameters())


CASES = {
    "resnet50-inference-1": lambda: inference(1),
    "resnet50-inference-8": lambda: inference(8),
    "resnet50-train": train,
}
