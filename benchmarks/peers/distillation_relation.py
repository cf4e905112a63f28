"""Losses over the relations of a batch, forward and backward, with the operations of RepDistiller."""
import torch
import torch.nn.functional as F
from golden import tensor


def case(compute, *shape):
    student, teacher = tensor("student", *shape).requires_grad_(), tensor("teacher", *shape)

    def run():
        student.grad = None
        compute(student, teacher).backward()

    return run, lambda: compute(student, teacher).item() + student.grad.abs().sum().item()


def distances(points):
    """All pairs over their mean; the diagonal is written after the root."""
    squares, products = points.pow(2).sum(1), points @ points.t()
    found = (squares.unsqueeze(1) + squares.unsqueeze(0) - 2 * products).clamp(min=1e-12).sqrt().clone()
    found[range(len(points)), range(len(points))] = 0
    return found / found[found > 0].mean()


def angles(points):
    """All triplets, from the differences of all pairs."""
    spans = F.normalize(points.unsqueeze(0) - points.unsqueeze(1), p=2, dim=2)
    return torch.bmm(spans, spans.transpose(1, 2)).view(-1)


def rkd(student, teacher):
    student, teacher = student.view(len(student), -1), teacher.view(len(teacher), -1)
    with torch.no_grad():
        wanted = distances(teacher)
    of_pairs = F.smooth_l1_loss(distances(student), wanted)
    with torch.no_grad():
        wanted = angles(teacher)
    return 25 * of_pairs + 50 * F.smooth_l1_loss(angles(student), wanted)


def similarity(student, teacher):
    count = len(student)
    student, teacher = student.view(count, -1), teacher.view(count, -1)
    own, wanted = F.normalize(torch.mm(student, student.t())), F.normalize(torch.mm(teacher, teacher.t()))
    difference = wanted - own
    return ((difference * difference).view(-1, 1).sum(0) / (count * count)).sum()


CASES = {
    "rkd": lambda: case(rkd, 64, 512),
    "rkd-64x64": lambda: case(rkd, 64, 64),
    "sp": lambda: case(similarity, 64, 64, 8, 8),
    "sp-256": lambda: case(similarity, 256, 64, 8, 8),
    "sp-64x256": lambda: case(similarity, 64, 256),
}
