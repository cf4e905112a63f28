"""Contrastive distillation with the operations of RepDistiller's CRDLoss, on the CPU."""
import torch
from golden import integers, tensor

BATCH, FEATURES, SAMPLES, NEGATIVES, DIMENSION = 64, 256, 50_000, 16_384, 128
T, MOMENTUM, EPSILON = 0.07, 0.5, 1e-7


class Head(torch.nn.Module):
    def __init__(self, name):
        super().__init__()
        self.linear = torch.nn.Linear(FEATURES, DIMENSION)
        with torch.no_grad():
            for part, value in self.linear.named_parameters():
                value.copy_(tensor(f"{name}.linear.{part}", *value.shape, scale=0.15))

    def forward(self, features):
        vectors = self.linear(features.view(features.shape[0], -1))
        return vectors.div(vectors.pow(2).sum(1, keepdim=True).pow(0.5))


class Contrast:
    def __init__(self):
        self.student, self.teacher = Head("embed_s"), Head("embed_t")
        self.memories = [tensor(f"contrast.memory_v{i}", SAMPLES, DIMENSION, scale=0.15) for i in (1, 2)]
        self.constants = [None, None]

    def products(self, memory, chosen, vectors):
        rows = torch.index_select(memory, 0, chosen.view(-1)).detach().view(BATCH, NEGATIVES + 1, DIMENSION)
        return torch.exp(torch.div(torch.bmm(rows, vectors.view(BATCH, DIMENSION, 1)), T))

    def update(self, memory, vectors, indices):
        with torch.no_grad():
            rows = torch.index_select(memory, 0, indices)
            rows.mul_(MOMENTUM)
            rows.add_(torch.mul(vectors, 1 - MOMENTUM))
            memory.index_copy_(0, indices, rows.div(rows.pow(2).sum(1, keepdim=True).pow(0.5)))

    def side(self, p):
        noise = NEGATIVES / SAMPLES
        positive, negative = p.select(1, 0), p.narrow(1, 1, NEGATIVES)
        found = torch.div(positive, positive.add(noise + EPSILON)).log_()
        told = torch.div(negative.clone().fill_(noise), negative.add(noise + EPSILON)).log_()
        return -(found.sum(0) + told.view(-1, 1).sum(0)) / BATCH

    def __call__(self, student, teacher, indices, chosen):
        student, teacher = self.student(student), self.teacher(teacher)
        out = [self.products(self.memories[0], chosen, teacher), self.products(self.memories[1], chosen, student)]
        for i in (0, 1):
            if self.constants[i] is None:
                self.constants[i] = (out[i].mean() * SAMPLES).item()
            out[i] = torch.div(out[i], self.constants[i]).contiguous()
        self.update(self.memories[0], student, indices)
        self.update(self.memories[1], teacher, indices)
        return (self.side(out[1]) + self.side(out[0])).squeeze()


def crd():
    loss = Contrast()
    student, teacher = tensor("student", BATCH, FEATURES).requires_grad_(), tensor("teacher", BATCH, FEATURES)
    indices, chosen = torch.arange(BATCH) * 7, integers("contrasted", SAMPLES, BATCH, NEGATIVES + 1)
    chosen[:, 0] = indices

    def run():
        student.grad = None
        for head in (loss.student, loss.teacher):
            head.zero_grad()
        loss(student, teacher, indices, chosen).backward()

    return run, lambda: loss(student, teacher, indices, chosen).item() + student.grad.abs().sum().item()


CASES = {"crd": crd}
