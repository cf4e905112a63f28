"""Score-CAM as jacobgil/pytorch-grad-cam computes it: every mask and every masked image at once, then the network in batches of 16."""
import numpy as np
import torch
import torch.nn.functional as F
from golden import fill, tensor
from torchvision.models import resnet18

SIZE, BATCH = 112, 16


def stretch(cam):
    cam = cam - np.min(cam)
    return cam / (1e-7 + np.max(cam))


def score_cam():
    model = fill(resnet18(num_classes=100)).eval()
    image = F.interpolate(tensor("images", 1, 3, 6, 8), size=(SIZE, SIZE), mode="bilinear", align_corners=False)
    kept = []
    model.layer4.register_forward_hook(lambda module, inputs, output: kept.append(output.cpu().detach()))

    def run():
        kept.clear()
        target = int(model(image).detach().numpy().argmax(-1)[0])
        activations = kept[0].numpy()
        with torch.no_grad():
            masks = F.interpolate(torch.from_numpy(activations), size=image.shape[-2:], mode="bilinear", align_corners=True)
            most, least = (part(masks.view(*masks.shape[:2], -1), dim=-1)[0][:, :, None, None] for part in (torch.max, torch.min))
            masks = (masks - least) / (most - least + 1e-8)
            masked = (image[:, None, :, :] * masks[:, :, None, :, :])[0]
            scores = [output[target].cpu().item() for i in range(0, len(masked), BATCH) for output in model(masked[i:i + BATCH])]
        weights = torch.softmax(torch.Tensor(scores), -1).numpy()
        cam = np.maximum((weights[:, None, None] * activations[0]).sum(0), 0)
        large = F.interpolate(torch.from_numpy(stretch(cam))[None, None], size=image.shape[-2:], mode="bilinear", align_corners=False)[0, 0].numpy()
        return stretch(np.maximum(large, 0))

    return run, lambda: float(run().sum())


CASES = {
    "score-cam": score_cam,
}
