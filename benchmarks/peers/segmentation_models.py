"""RefineNet-101 and Light-Weight RefineNet-50 in plain PyTorch, with the operations of DrSleep's repositories on torchvision's residual networks."""
import torch
import torch.nn.functional as F
import torchvision.models as models
from golden import fill, integers, tensor
from torch import nn

SIDE, CLASSES = 256, 21


def convolution(channels, output, side, bias=False):
    return nn.Conv2d(channels, output, side, padding=side // 2, bias=bias)


class Unit(nn.Module):
    """Residual convolution units."""

    def __init__(self, channels, blocks):
        super().__init__()
        self.blocks = blocks
        for block in range(1, blocks + 1):
            self.add_module(f"{block}_conv", convolution(channels, channels, 3, bias=True))
            self.add_module(f"{block}_conv_relu_varout_dimred", convolution(channels, channels, 3))

    def forward(self, x):
        for block in range(1, self.blocks + 1):
            shortcut = x
            x = getattr(self, f"{block}_conv")(F.relu(x))
            x = getattr(self, f"{block}_conv_relu_varout_dimred")(F.relu(x))
            x += shortcut
        return x


class Pooling(nn.Module):
    """Chained residual pooling."""

    def __init__(self, channels, side, stages=4):
        super().__init__()
        self.stages = stages
        self.pool = nn.MaxPool2d(5, stride=1, padding=2)
        for stage in range(1, stages + 1):
            self.add_module(f"{stage}_outvar_dimred", convolution(channels, channels, side))

    def forward(self, x):
        top = x
        for stage in range(1, self.stages + 1):
            top = getattr(self, f"{stage}_outvar_dimred")(self.pool(top))
            x = top + x
        return x


class RefineNet(nn.Module):
    """The full network with a side of 3, the light one with a side of 1."""

    def __init__(self, backbone, side):
        super().__init__()
        self.light = side == 1
        for name, module in backbone.named_children():
            if name not in ("avgpool", "fc"):
                self.add_module(name, module)
        for stage in range(1, 5):
            width = 512 if stage == 1 else 256
            self.add_module(f"p_ims1d2_outl{stage}_dimred", convolution(4096 >> stage, width, side))
            if not self.light:
                self.add_module(f"adapt_stage{stage}_b", nn.Sequential(Unit(width, 2)))
            if stage > 1:
                self.add_module(f"adapt_stage{stage}_b2_joint_varout_dimred", convolution(width, width, side))
            self.add_module(f"mflow_conv_g{stage}_pool", nn.Sequential(Pooling(width, side)))
            if not self.light:
                self.add_module(f"mflow_conv_g{stage}_b", nn.Sequential(Unit(width, 3)))
            if stage < 4:
                self.add_module(f"mflow_conv_g{stage}_b3_joint_varout_dimred", convolution(width, 256, side))
        self.clf_conv = convolution(256, CLASSES, 3, bias=True)

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        maps = []
        for layer in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = layer(x)
            maps.append(x)
        for stage in range(1, 5):
            part = lambda name: getattr(self, name.format(stage))
            y = part("p_ims1d2_outl{}_dimred")(maps[4 - stage])
            if not self.light:
                y = part("adapt_stage{}_b")(y)
            if stage > 1:
                y = part("adapt_stage{}_b2_joint_varout_dimred")(y)
                y = y + F.interpolate(x, y.shape[2:], mode="bilinear", align_corners=True)
            x = part("mflow_conv_g{}_pool")(F.relu(y))
            if not self.light:
                x = part("mflow_conv_g{}_b")(x)
            if stage < 4:
                x = part("mflow_conv_g{}_b3_joint_varout_dimred")(x)
        return self.clf_conv(x)


def forward(make, side):
    model, images = fill(RefineNet(make(), side)).eval(), tensor("images", 1, 3, SIDE, SIDE)

    def run():
        with torch.no_grad():
            return model(images)

    return run, lambda: run().abs().sum().item()


def train():
    model = fill(RefineNet(models.resnet101(), 3))
    optimizer = torch.optim.SGD(model.parameters(), 1e-6)
    images, labels = tensor("images", 1, 3, SIDE, SIDE), integers("labels", CLASSES, 1, SIDE // 4, SIDE // 4)

    def run():
        optimizer.zero_grad()
        F.cross_entropy(model(images), labels).backward()
        optimizer.step()

    return run, lambda: F.cross_entropy(model(images), labels).item()


CASES = {
    "refinenet101-forward": lambda: forward(models.resnet101, 3),
    "light-weight-refinenet50-forward": lambda: forward(models.resnet50, 1),
    "refinenet101-train": train,
}
