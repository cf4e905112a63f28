"""What a network looks at, and how."""
import interpretability_maps

CASES = {**interpretability_maps.CASES}
