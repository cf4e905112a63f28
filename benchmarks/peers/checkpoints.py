"""What stands between a file of PyTorch and the work with its weights: reading, and the networks themselves."""
import checkpoints_backbones
import checkpoints_reading

CASES = {**checkpoints_reading.CASES, **checkpoints_backbones.CASES}
