"""Losses of features, forward and backward, with the operations of RepDistiller."""
import torch
import torch.nn.functional as F
from golden import tensor

RESNET = ((64, 16, 32, 32), (64, 32, 16, 16), (64, 64, 8, 8))
RESNET18 = ((32, 64, 56, 56), (32, 128, 28, 28), (32, 256, 14, 14), (32, 512, 7, 7))


def attention(student, teacher):
    def normalized(maps):
        return F.normalize(maps.pow(2).mean(1).reshape(maps.size(0), -1))

    return (normalized(student) - normalized(teacher)).pow(2).mean()


def selectivity(student, teacher):
    def normalized(maps):
        return F.normalize(maps.view(maps.shape[0], maps.shape[1], -1), dim=2)

    def kernel(a, b):
        return (a.unsqueeze(1) * b.unsqueeze(2)).sum(-1).pow(2)

    s, t = normalized(student), normalized(teacher)
    return kernel(t, t).mean().detach() + kernel(s, s).mean() - 2 * kernel(s, t).mean()


def case(loss, shapes, layout=torch.contiguous_format):
    def make():
        students = [tensor(f"student{i}", *shape).to(memory_format=layout).requires_grad_() for i, shape in enumerate(shapes)]
        teachers = [tensor(f"teacher{i}", *shape).to(memory_format=layout) for i, shape in enumerate(shapes)]

        def compute():
            return sum(loss(s, t) for s, t in zip(students, teachers))

        def run():
            for s in students:
                s.grad = None
            compute().backward()

        return run, lambda: 1000 * (compute().item() + sum(s.grad.abs().sum().item() for s in students))

    return make


CASES = {
    "at": case(attention, RESNET),
    "at-channels-last": case(attention, RESNET, torch.channels_last),
    "at-resnet18": case(attention, RESNET18),
    "nst": case(selectivity, RESNET),
}
