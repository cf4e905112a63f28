"""Torchvision's detectors in two stages on ResNet-50, as they come from their files: frozen normalisations, three stages that learn."""
import torch
import torch.nn.functional as F
from golden import fill, tensor
from torchvision.models import resnet50
from torchvision.models.detection import FasterRCNN, MaskRCNN
from torchvision.models.detection._utils import overwrite_eps
from torchvision.models.detection.backbone_utils import _resnet_fpn_extractor
from torchvision.ops import FrozenBatchNorm2d

SIZE, TRAINING_SIZE = (600, 800), (400, 544)


def picture(size):
    return F.interpolate(tensor("picture", 1, 3, 15, 20, scale=0.45, shift=0.5), size=size, mode="bilinear", align_corners=False)[0]


def make(kind, size):
    model = kind(_resnet_fpn_extractor(resnet50(weights=None, norm_layer=FrozenBatchNorm2d), 3), num_classes=91, min_size=size[0])
    overwrite_eps(model, 0.0)
    fill(model)
    with torch.no_grad():
        model.rpn.head.cls_logits.weight *= 256
        model.roi_heads.box_predictor.cls_score.weight *= 512
    return model


def inference(kind):
    model, image = make(kind, SIZE).eval(), picture(SIZE)

    def run():
        with torch.no_grad():
            return model([image])

    return run, lambda: run()[0]["scores"][:10].sum().item()


def train():
    model, image = make(FasterRCNN, TRAINING_SIZE).train(), picture(TRAINING_SIZE)
    optimizer = torch.optim.SGD([parameter for parameter in model.parameters() if parameter.requires_grad], 1e-7, momentum=0.9)
    boxes = torch.tensor([[20, 30, 180, 220], [200, 40, 420, 380], [300, 100, 360, 190], [430, 250, 530, 390]], dtype=torch.float32)
    target = dict(boxes=boxes, labels=torch.tensor([1, 18, 44, 7]))

    def run():
        optimizer.zero_grad()
        sum(model([image], [target]).values()).backward()
        optimizer.step()

    return run, lambda: sum(parameter.abs().sum().item() for parameter in model.parameters())


CASES = {
    "fasterrcnn-inference": lambda: inference(FasterRCNN),
    "maskrcnn-inference": lambda: inference(MaskRCNN),
    "fasterrcnn-train": train,
}
