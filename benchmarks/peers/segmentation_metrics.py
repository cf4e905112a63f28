"""Metrics of segmentation as they are composed in PyTorch and scipy: bincount over labels, and MONAI's way to distances between surfaces."""
import numpy as np
import torch
from golden import integers, tensor
from scipy.ndimage import binary_erosion, distance_transform_edt

CLASSES, IMAGES, SIDE = 21, 4, 256


def confusion(output, side=512):
    target = integers("target", CLASSES, IMAGES, side // 16, side // 16).repeat_interleave(16, 1).repeat_interleave(16, 2)
    target.masked_fill_(tensor("ignored", IMAGES, side, side) > 0.9, 255)
    scores = output(side)
    matrix = torch.zeros(CLASSES, CLASSES, dtype=torch.int64)

    def run():
        matrix.zero_()
        with torch.no_grad():
            predicted = scores.argmax(1) if scores.is_floating_point() else scores
            valid = (target >= 0) & (target < CLASSES)
            matrix.add_(torch.bincount(CLASSES * target[valid] + predicted[valid], minlength=CLASSES ** 2).reshape(CLASSES, CLASSES))

    return run, lambda: sum(float(count) * (i + 1) for i, count in enumerate(matrix.flatten().tolist()))


def labels(side):
    return integers("output", CLASSES, IMAGES, side // 8, side // 8).repeat_interleave(8, 1).repeat_interleave(8, 2)


def blobs(name):
    noise = tensor(name, IMAGES, 1, SIDE // 16, SIDE // 16, dtype=torch.float64).repeat_interleave(16, 2).repeat_interleave(16, 3)
    places = (torch.arange(SIDE, dtype=torch.float64) - SIDE // 2).square()
    return (places[None] + places[:, None] + noise * 3000 < 8100).numpy()


def edges(predicted, truth):
    """Both surfaces in the box around both masks, with a margin of one."""
    rows, columns = np.nonzero(predicted | truth)
    box = slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1)
    masks = [np.pad(mask[box], 1) for mask in (predicted, truth)]
    return [binary_erosion(mask) ^ mask for mask in masks]


def distances(predicted, truth):
    ours, other = edges(predicted, truth)
    return distance_transform_edt(~other)[ours], distance_transform_edt(~ours)[other]


def hausdorff(predicted, truth):
    return max(one.max() for one in distances(predicted, truth))


def surface_dice(predicted, truth, tolerance=2):
    ours, other = distances(predicted, truth)
    return ((ours <= tolerance).sum() + (other <= tolerance).sum()) / (len(ours) + len(other))


def distance_transform(predicted, truth):
    return distance_transform_edt(truth)


def surfaces(compute):
    predicted, truth = blobs("predicted"), blobs("truth")
    result = []

    def run():
        result[:] = [compute(predicted[i, 0], truth[i, 0]) for i in range(IMAGES)]

    return run, lambda: float(np.sum(result))


CASES = {
    "confusion-matrix": lambda: confusion(labels),
    "confusion-matrix-logits": lambda: confusion(lambda side: tensor("logits", IMAGES, CLASSES, side, side)),
    "hausdorff": lambda: surfaces(hausdorff),
    "surface-dice": lambda: surfaces(surface_dice),
    "distance-transform": lambda: surfaces(distance_transform),
}
