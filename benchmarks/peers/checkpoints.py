"""What stands between a file of PyTorch and the work with its weights: reading, and the networks themselves."""
import checkpoints_backbones

CASES = {**checkpoints_backbones.CASES}
