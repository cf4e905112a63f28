"""ProtoPNet's head and projection with the operations of the authors' code (cfchen-duke/ProtoPNet), on the CPU."""
import numpy as np
import torch
import torch.nn.functional as F
from golden import tensor

EPSILON = 1e-4


def distances(features, prototypes, ones):
    norms = F.conv2d(features ** 2, ones)
    return F.relu(norms + (-2 * F.conv2d(features, prototypes) + (prototypes ** 2).sum((1, 2, 3)).view(-1, 1, 1)))


def head(images=80, classes=200, per_class=10, channels=128, side=7):
    count = classes * per_class
    features = tensor("features", images, channels, side, side, scale=0.5, shift=0.5).requires_grad_()
    prototypes = tensor("prototypes", count, channels, 1, 1, scale=0.5, shift=0.5).requires_grad_()
    ones = torch.ones(count, channels, 1, 1)
    identity = torch.zeros(count, classes)
    identity[torch.arange(count), torch.arange(count) // per_class] = 1
    last = (identity.t() * 1.5 - 0.5).clone().requires_grad_()
    labels = torch.arange(images) % classes
    leaves, largest = (features, prototypes, last), channels

    def compute():
        maps = distances(features, prototypes, ones)
        least = -F.max_pool2d(-maps, kernel_size=maps.shape[2:])
        least = least.view(-1, count)
        logits = F.linear(torch.log((least + 1) / (least + EPSILON)), last)
        own = torch.t(identity[:, labels])
        cluster = torch.mean(largest - torch.max((largest - least) * own, dim=1)[0])
        separation = torch.mean(largest - torch.max((largest - least) * (1 - own), dim=1)[0])
        l1 = (last * (1 - torch.t(identity))).norm(p=1)
        return F.cross_entropy(logits, labels) + 0.8 * cluster - 0.08 * separation + 1e-4 * l1

    def run():
        for leaf in leaves:
            leaf.grad = None
        compute().backward()

    return run, lambda: compute().item() + sum(leaf.grad.abs().sum().item() for leaf in leaves)


def box(activation, percentile=95):
    """The rectangle around the pixels at or above a percentile."""
    mask = activation >= np.percentile(activation, percentile)
    rows, columns = np.nonzero(mask.any(1))[0], np.nonzero(mask.any(0))[0]
    return rows[0], rows[-1] + 1, columns[0], columns[-1] + 1


def projection(images=10000, classes=200, per_class=10, channels=128, side=7, pixels=224, batch=75):
    """The images come class after class, as those of folders do. Boxes are found as prototypes come nearer; OpenCV's cubic resize is PyTorch's."""
    count = classes * per_class
    features = tensor("features", images, channels, side, side, scale=0.5, shift=0.5)
    prototypes = tensor("prototypes", count, channels, 1, 1, scale=0.5, shift=0.5)
    ones = torch.ones(count, channels, 1, 1)
    labels = torch.arange(images) * classes // images
    found = {}

    def run():
        nearest = np.full(count, np.inf)
        patches = np.zeros((count, channels, 1, 1))
        boxes = np.full((count, 6), -1)
        for start in range(0, images, batch):
            part = features[start:start + batch]
            with torch.no_grad():
                maps = distances(part, prototypes, ones)
            part, maps = np.copy(part.numpy()), np.copy(maps.numpy())
            of_class = {index: [] for index in range(classes)}
            for row, label in enumerate(labels[start:start + batch]):
                of_class[label.item()].append(row)
            for j in range(count):
                own = of_class[j // per_class]
                if len(own) == 0:
                    continue
                mine = maps[own][:, j, :, :]
                least = np.amin(mine)
                if least < nearest[j]:
                    row, y, x = np.unravel_index(np.argmin(mine), mine.shape)
                    row = own[row]
                    nearest[j] = least
                    patches[j] = part[row, :, y:y + 1, x:x + 1]
                    map_of_row = maps[row, j]
                    activation = np.log((map_of_row + 1) / (map_of_row + EPSILON))
                    large = F.interpolate(torch.from_numpy(activation)[None, None], (pixels, pixels), mode="bicubic", align_corners=False)
                    boxes[j] = (row + start, *box(large[0, 0].numpy()), j // per_class)
        found["patches"], found["boxes"] = patches, boxes

    return run, lambda: float(found["patches"].sum()) + float(found["boxes"].sum())


CASES = {"prototype-head": head, "prototype-projection": projection}
