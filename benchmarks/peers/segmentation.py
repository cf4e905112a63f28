"""Networks that segment images, and what they are trained and measured with."""
import segmentation_models

CASES = {**segmentation_models.CASES}
