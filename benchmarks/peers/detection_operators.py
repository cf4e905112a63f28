"""torchvision's operators on the CPU."""
import torch
from golden import integers, tensor
from torchvision import ops
from torchvision.models.detection.roi_heads import paste_masks_in_image


def regions(count, width, height):
    size = torch.tensor([width, height], dtype=torch.float32)
    side = torch.exp2(tensor("side", count, 2, scale=2, shift=7))
    centre = tensor("centre", count, 2, scale=0.5, shift=0.5) * size
    return torch.cat([torch.zeros(count, 1), (centre - side / 2).clamp(min=0), torch.minimum(centre + side / 2, size)], 1)


def pooling(pool, threads, backward):
    torch.set_num_threads(threads)
    features, boxes = tensor("features", 1, 256, 50, 68).requires_grad_(backward), regions(512, 1088, 800)
    cotangent = tensor("cotangent", 512, 256, 7, 7)

    def run():
        pooled = pool(features, boxes)
        if backward:
            features.grad = None
            pooled.backward(cotangent)

    def result():
        pooled = pool(features, boxes).abs().sum().item()
        return pooled + features.grad.abs().sum().item() if backward else pooled

    return run, result


def roi_align(features, boxes):
    return ops.roi_align(features, boxes, (7, 7), 1 / 16, 2)


def roi_pool(features, boxes):
    return ops.roi_pool(features, boxes, (7, 7), 1 / 16)


def pyramid():
    torch.set_num_threads(1)
    levels = {str(stride): tensor(f"level{stride}", 1, 256, 800 // stride, 1088 // stride).requires_grad_() for stride in (4, 8, 16, 32)}
    boxes, cotangent = regions(1000, 1088, 800)[:, 1:].contiguous(), tensor("cotangent", 1000, 256, 7, 7)
    pool = ops.MultiScaleRoIAlign(list(levels), 7, 2)

    def run():
        for level in levels.values():
            level.grad = None
        pool(levels, [boxes], [(800, 1088)]).backward(cotangent)

    return run, lambda: sum(level.grad.abs().sum().item() for level in levels.values())


def suppression(count, keep):
    boxes, scores, classes = regions(count, 1088, 800)[:, 1:].contiguous(), tensor("scores", count), integers("classes", 80, count)

    def run():
        return keep(boxes, scores, classes)

    return run, lambda: run().sum().item()


def nms(boxes, scores, classes):
    return ops.nms(boxes, scores, 0.7)


def batched_nms(boxes, scores, classes):
    return ops.batched_nms(boxes, scores, classes, 0.5)


def paste_masks():
    masks, boxes = tensor("masks", 100, 1, 28, 28, scale=0.5, shift=0.5), regions(100, 1088, 800)[:, 1:].contiguous()

    def run():
        return paste_masks_in_image(masks, boxes, (800, 1088))

    return run, lambda: run().double().sum().item()


CASES = {
    **{f"{name}-{direction}-{threads}t": lambda pool=pool, threads=threads, backward=direction == "backward": pooling(pool, threads, backward)
       for name, pool in [("roialign", roi_align), ("roipool", roi_pool)] for direction in ("forward", "backward") for threads in (1, 2)},
    "roialign-pyramid-1t": pyramid,
    "nms-4000": lambda: suppression(4000, nms),
    "nms-20000": lambda: suppression(20000, nms),
    "batched-nms": lambda: suppression(4000, batched_nms),
    "paste-masks": paste_masks,
}
