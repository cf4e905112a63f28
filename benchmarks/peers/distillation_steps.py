"""A step of Hinton's distillation on residual networks for CIFAR, as RepDistiller's train_distill makes it, without its meters."""
import torch
import torch.nn.functional as F
from golden import fill, integers, tensor
from torch import nn


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)) if stride != 1 else None

    def forward(self, x):
        out = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        out += x if self.downsample is None else self.downsample(x)
        return F.relu(out)


class CifarResNet(nn.Module):
    """6n + 2 layers of 16, 32 and 64 channels."""

    def __init__(self, depth, classes=100):
        super().__init__()
        blocks = (depth - 2) // 6
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.relu = nn.ReLU(inplace=True)
        self.layer1 = self.stage(16, 16, blocks, 1)
        self.layer2 = self.stage(16, 32, blocks, 2)
        self.layer3 = self.stage(32, 64, blocks, 2)
        self.avgpool = nn.AvgPool2d(8)
        self.fc = nn.Linear(64, classes)

    @staticmethod
    def stage(inputs, outputs, blocks, stride):
        return nn.Sequential(*[Block(inputs if i == 0 else outputs, outputs, stride if i == 0 else 1) for i in range(blocks)])

    def forward(self, x):
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        x = self.avgpool(x)
        return self.fc(x.view(x.size(0), -1))


def divergence(student, teacher, temperature=4):
    soft = F.softmax(teacher / temperature, dim=1)
    return F.kl_div(F.log_softmax(student / temperature, dim=1), soft, reduction="sum") * temperature**2 / student.shape[0]


def kd_step():
    student, teacher = fill(CifarResNet(8)).train(), fill(CifarResNet(32)).eval()
    images, labels = tensor("images", 64, 3, 32, 32), integers("labels", 100, 64)
    optimizer = torch.optim.SGD(student.parameters(), 0.05, momentum=0.9, weight_decay=5e-4)

    def run():
        scores = student(images)
        with torch.no_grad():
            taught = teacher(images)
        loss = 0.1 * F.cross_entropy(scores, labels) + 0.9 * divergence(scores, taught)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return run, lambda: sum(parameter.abs().sum().item() for parameter in student.parameters())


CASES = {"kd-step": kd_step, "kd-step-cached": kd_step}
