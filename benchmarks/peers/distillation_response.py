"""Losses of what networks answer, forward and backward, with the operations of RepDistiller, mdistiller and mmrazor."""
import torch
import torch.nn.functional as F
from golden import integers, tensor


def case(compute, rows, classes):
    student = tensor("student", rows, classes, scale=4).requires_grad_()
    teacher, labels = tensor("teacher", rows, classes, scale=8), integers("labels", classes, rows)

    def run():
        student.grad = None
        compute(student, teacher, labels).backward()

    return run, lambda: compute(student, teacher, labels).item() + student.grad.abs().sum().item()


def divergence(student, teacher, t):
    return F.kl_div(student, teacher, reduction="sum") * t ** 2 / student.shape[0]


def kd(student, teacher, labels, t=4.0):
    return divergence(F.log_softmax(student / t, dim=1), F.softmax(teacher / t, dim=1), t)


def dkd(student, teacher, labels, t=4.0):
    own = torch.zeros_like(student).scatter_(1, labels.unsqueeze(1), 1).bool()
    rest = torch.ones_like(student).scatter_(1, labels.unsqueeze(1), 0).bool()

    def parts(logits):
        p = F.softmax(logits / t, dim=1)
        return torch.cat([(p * own).sum(1, keepdim=True), (p * rest).sum(1, keepdim=True)], dim=1)

    target = divergence(torch.log(parts(student)), parts(teacher), t)
    others = divergence(F.log_softmax(student / t - 1000.0 * own, dim=1), F.softmax(teacher / t - 1000.0 * own, dim=1), t)
    return target + 8 * others


def correlation(x, y):
    x, y = x - x.mean(1, keepdim=True), y - y.mean(1, keepdim=True)
    return ((x * y).sum(1) / (x.norm(dim=1) * y.norm(dim=1) + 1e-8)).mean()


def dist(student, teacher, labels):
    x, y = student.softmax(dim=1), teacher.softmax(dim=1)
    return 1 - correlation(x, y) + 1 - correlation(x.transpose(0, 1), y.transpose(0, 1))


CASES = {
    "kd-256x100": lambda: case(kd, 256, 100),
    "kd-128x30000": lambda: case(kd, 128, 30000),
    "dkd-256x100": lambda: case(dkd, 256, 100),
    "dist-256x100": lambda: case(dist, 256, 100),
}
