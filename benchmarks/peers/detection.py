"""Finding objects: the operators, and the networks built of them."""
import detection_models
import detection_operators

CASES = {**detection_operators.CASES, **detection_models.CASES}
