"""Networks that segment images, and what they are trained and measured with."""
import segmentation_losses
import segmentation_metrics
import segmentation_models
import segmentation_unet

CASES = {**segmentation_losses.CASES, **segmentation_metrics.CASES, **segmentation_models.CASES, **segmentation_unet.CASES}
