"""What a network looks at, and how."""
import interpretability_dimension
import interpretability_maps
import interpretability_prototypes

CASES = {**interpretability_dimension.CASES, **interpretability_maps.CASES, **interpretability_prototypes.CASES}
