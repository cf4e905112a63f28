namespace DeepTricks.Checkpoints;

/// <summary>What happens where a tensor in a file and its target are of different dtypes.</summary>
public enum CheckpointTypes
{
    /// <summary>It cannot be loaded.</summary>
    Equal,

    /// <summary>It is converted where no value changes by that: float16 and bfloat16 to float32, float32 to float64, narrow integers to wide ones.</summary>
    Widen,

    /// <summary>It is converted, as <c>load_state_dict</c> does without a word.</summary>
    Convert,
}
