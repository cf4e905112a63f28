"""What a network looks at, and how."""
import interpretability_maps
import interpretability_prototypes

CASES = {**interpretability_maps.CASES, **interpretability_prototypes.CASES}
