"""UNet 3+ with deep supervision in plain PyTorch, as its authors compute it: every branch is enlarged or pooled first and convolved then."""
import torch
import torch.nn.functional as F
from golden import fill, tensor
from torch import nn

FILTERS = [64, 128, 256, 512, 1024]
SIZE = 256


def double_convolution(inputs, outputs):
    """Under the names conv1 and conv2."""
    block = nn.Sequential()
    for i in range(2):
        block.add_module(f"conv{i + 1}", convolution(inputs if i == 0 else outputs, outputs))
    return block


def convolution(inputs, outputs):
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


class UNetThreePlus(nn.Module):
    def __init__(self, filters=FILTERS):
        super().__init__()
        self.levels = len(filters)
        self.joined = filters[0] * self.levels
        for level, channels in enumerate(filters):
            setattr(self, f"conv{level + 1}", double_convolution(filters[level - 1] if level else 3, channels))
        for level in reversed(range(self.levels - 1)):
            for source in range(self.levels):
                channels = filters[source] if source <= level or source == self.levels - 1 else self.joined
                self.add(self.branch(level, source), channels, filters[0])
            setattr(self, f"conv{level + 1}d_1", nn.Conv2d(self.joined, self.joined, 3, padding=1))
            setattr(self, f"bn{level + 1}d_1", nn.BatchNorm2d(self.joined))
        for level in range(self.levels):
            setattr(self, f"outconv{level + 1}", nn.Conv2d(self.joined if level < self.levels - 1 else filters[-1], 1, 3, padding=1))

    def add(self, name, inputs, outputs):
        setattr(self, f"{name}_conv", nn.Conv2d(inputs, outputs, 3, padding=1))
        setattr(self, f"{name}_bn", nn.BatchNorm2d(outputs))

    @staticmethod
    def branch(level, source):
        if source < level:
            return f"h{source + 1}_PT_hd{level + 1}"
        return f"h{source + 1}_Cat_hd{level + 1}" if source == level else f"hd{source + 1}_UT_hd{level + 1}"

    def stage(self, level, maps):
        parts = []
        for source, one in enumerate(maps):
            if source < level:
                one = F.max_pool2d(one, 2 ** (level - source), ceil_mode=True)
            elif source > level:
                one = F.interpolate(one, scale_factor=2 ** (source - level), mode="bilinear")
            name = self.branch(level, source)
            parts.append(F.relu(getattr(self, f"{name}_bn")(getattr(self, f"{name}_conv")(one)), inplace=True))
        fused = getattr(self, f"conv{level + 1}d_1")(torch.cat(parts, 1))
        return F.relu(getattr(self, f"bn{level + 1}d_1")(fused), inplace=True)

    def forward(self, images):
        maps = []
        for level in range(self.levels):
            maps.append(getattr(self, f"conv{level + 1}")(F.max_pool2d(maps[-1], 2) if level else images))
        for level in reversed(range(self.levels - 1)):
            maps[level] = self.stage(level, maps)
        logits = [getattr(self, f"outconv{level + 1}")(maps[level]) for level in range(self.levels)]
        return [one if level == 0 else F.interpolate(one, scale_factor=2 ** level, mode="bilinear") for level, one in enumerate(logits)]


def forward():
    model, images = fill(UNetThreePlus()).eval(), tensor("images", 1, 3, SIZE, SIZE)

    def run():
        with torch.no_grad():
            return model(images)

    return run, lambda: sum(one.abs().sum().item() for one in run())


def train(filters=FILTERS, count=1, size=SIZE):
    model = fill(UNetThreePlus(filters))
    optimizer = torch.optim.SGD(model.parameters(), 0.001, momentum=0.9)
    images, masks = tensor("images", count, 3, size, size), (tensor("masks", count, 1, size, size) > 0).float()

    def run():
        optimizer.zero_grad()
        sum(F.binary_cross_entropy_with_logits(one, masks) for one in model(images)).backward()
        optimizer.step()

    return run, lambda: sum(parameter.abs().sum().item() for parameter in model.parameters())


CASES = {
    "unet3plus-forward": forward,
    "unet3plus-train": train,
    "unet3plus-small-train": lambda: train([8, 16, 32, 64, 128], 8, 64),
}
