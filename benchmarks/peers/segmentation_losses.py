"""Losses of segmentation, forward and backward, with the operations of the implementations that people use: pytorch-msssim, UNet-Version,
LovaszSoftmax, MONAI and segmentation_models.pytorch."""
import torch
import torch.nn.functional as F
from golden import integers, tensor

WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)


def gaussian(size):
    weights = torch.exp(-(torch.arange(size, dtype=torch.float) - size // 2) ** 2 / (2 * 1.5 ** 2))
    return weights / weights.sum()


def case(compute, inputs, *shape):
    scores, target = inputs(*shape)
    scores.requires_grad_()

    def run():
        scores.grad = None
        compute(scores, target).backward()

    return run, lambda: compute(scores, target).item() + scores.grad.abs().sum().item()


def labelled(*shape):
    labels = integers("labels", shape[1], shape[0], *shape[2:])
    right = (tensor("right", shape[0], 1, *shape[2:]) > -0.8).float() * 6
    return tensor("scores", *shape, scale=3).scatter_add_(1, labels.unsqueeze(1), right), labels


def masked(scale, shift):
    def inputs(*shape):
        axis = (torch.arange(shape[3], dtype=torch.float) % 64 - 32) ** 2
        discs = (axis[None] + axis[:, None] < 400).float().expand(shape).contiguous()
        return (tensor("scores", *shape) + discs * 2 - 1) * (scale / 2) + shift, discs

    return inputs


def similarity(blur, x, y, value_range):
    """Maps of SSIM and of its contrast-structure part."""
    mean_x, mean_y = blur(x), blur(y)
    square_x, square_y, product = mean_x.pow(2), mean_y.pow(2), mean_x * mean_y
    c1, c2 = (0.01 * value_range) ** 2, (0.03 * value_range) ** 2
    upper = 2 * (blur(x * y) - product) + c2
    lower = (blur(x * x) - square_x) + (blur(y * y) - square_y) + c2
    return (2 * product + c1) * upper / ((square_x + square_y + c1) * lower), upper / lower


def ms_ssim(x, y):
    """pytorch-msssim: two depthwise convolutions with the window along each axis."""
    channels, window = x.shape[1], gaussian(11).repeat(x.shape[1], 1, 1, 1)

    def blur(images):
        rows = F.conv2d(images, window.transpose(2, 3), groups=channels)
        return F.conv2d(rows, window, groups=channels)

    factors = []
    for level, weight in enumerate(WEIGHTS):
        whole, contrast = similarity(blur, x, y, 1)
        last = level == len(WEIGHTS) - 1
        factors.append(torch.relu((whole if last else contrast).flatten(2).mean(-1)) ** weight)
        if not last:
            padding = [side % 2 for side in x.shape[2:]]
            x, y = F.avg_pool2d(x, 2, padding=padding), F.avg_pool2d(y, 2, padding=padding)
    return 1 - torch.stack(factors).prod(0).mean()


def ms_ssim_official(x, y):
    """UNet-Version: a depthwise convolution with the square window, a guess of the range on each level."""
    channels, factors = x.shape[1], []
    for level, weight in enumerate(WEIGHTS):
        value_range = (255 if x.max() > 128 else 1) - (-1 if x.min() < -0.5 else 0)
        line = gaussian(min(11, *x.shape[2:]))
        window = (line[:, None] @ line[None]).expand(channels, 1, len(line), len(line)).contiguous()
        whole, contrast = similarity(lambda images: F.conv2d(images, window, groups=channels), x, y, value_range)
        factors.append(((contrast.mean() + 1) / 2) ** weight)
        x, y = F.avg_pool2d(x, (2, 2)), F.avg_pool2d(y, (2, 2))
    last = ((whole.mean() + 1) / 2) ** WEIGHTS[-1]
    return 1 - torch.prod(torch.stack(factors[:-1]) * last)


def jaccard_changes(truth):
    positives = truth.sum()
    index = 1 - (positives - truth.cumsum(0)) / (positives + (1 - truth).cumsum(0))
    index[1:] = index[1:] - index[:-1]
    return index


def lovasz(scores, labels):
    p = scores.softmax(1).permute(0, 2, 3, 1).reshape(-1, scores.shape[1])
    labels, losses = labels.flatten(), []
    for c in range(p.shape[1]):
        truth = (labels == c).float()
        if truth.sum() == 0:
            continue
        errors, order = (truth - p[:, c]).abs().sort(0, descending=True)
        losses.append(torch.dot(errors, jaccard_changes(truth[order])))
    return sum(losses) / len(losses)


def lovasz_hinge(scores, masks):
    losses = []
    for logits, truth in zip(scores.flatten(1), masks.flatten(1)):
        errors, order = (1 - logits * (2 * truth - 1)).sort(0, descending=True)
        losses.append(torch.dot(F.relu(errors), jaccard_changes(truth[order])))
    return sum(losses) / len(losses)


def dice(scores, labels):
    """MONAI's DiceLoss(softmax=True, to_onehot_y=True)."""
    truth = torch.zeros_like(scores).scatter_(1, labels.unsqueeze(1), 1)
    p = scores.softmax(1)
    inside = (p * truth).sum((2, 3))
    wrong, missed = (p.sum((2, 3)) - inside) * 0.5, (truth.sum((2, 3)) - inside) * 0.5
    return (1 - (2 * inside + 1e-5) / (2 * (inside + wrong + missed) + 1e-5)).mean()


def focal(scores, labels):
    losses = F.nll_loss(F.log_softmax(scores, 1), labels, reduction="none")
    return ((1 - torch.exp(-losses)).pow(2) * losses).mean()


def hybrid(scores, masks):
    losses = F.binary_cross_entropy_with_logits(scores, masks, reduction="none")
    pixels = ((1 - torch.exp(-losses)).pow(2) * losses).mean()
    p = scores.sigmoid()
    inside = (p * masks).sum((1, 2, 3))
    union = p.sum((1, 2, 3)) + masks.sum((1, 2, 3)) - inside
    return pixels + ms_ssim_official(p, masks) + (1 - inside / union).mean()


CASES = {
    "ms-ssim": lambda: case(ms_ssim, masked(0.5, 0.5), 4, 1, 256, 256),
    "ms-ssim-official": lambda: case(ms_ssim_official, masked(0.5, 0.5), 2, 3, 256, 256),
    "unet3plus-hybrid": lambda: case(hybrid, masked(4, 0), 4, 1, 256, 256),
    "lovasz-hinge": lambda: case(lovasz_hinge, masked(4, 0), 4, 1, 256, 256),
    "lovasz": lambda: case(lovasz, labelled, 2, 21, 256, 256),
    "dice": lambda: case(dice, labelled, 2, 21, 256, 256),
    "focal": lambda: case(focal, labelled, 2, 21, 256, 256),
}
