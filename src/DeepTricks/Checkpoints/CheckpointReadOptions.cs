namespace DeepTricks.Checkpoints;

/// <summary>How a checkpoint is read.</summary>
public sealed record CheckpointReadOptions
{
    /// <summary>
    /// The part of a nested checkpoint to read, as a path of keys and positions with dots: "state_dict", "ema.module", "models.0". An empty path
    /// means the whole file. Default: null, which takes the whole file where tensors stand at its top, and else goes down through
    /// "state_dict", "model_state_dict", "model" and "ema", whichever comes first in this order, for as long as one is there.
    /// </summary>
    public string? Root { get; init; }

    /// <summary>
    /// How many bytes more than its own size a file may ask for, for the objects of its pickle and for one tensor that repeats its
    /// storage (as <c>expand</c> does). Default: 32 MiB, which is enough for about 20,000 tensors.
    /// </summary>
    public long MaxExtraBytes
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(MaxExtraBytes), value, "Expected a positive number of bytes.");
    } = 32L << 20;

    /// <summary>How deep containers may stand in each other. Default: 64.</summary>
    public int MaxDepth
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(MaxDepth), value, "Expected a positive depth.");
    } = 64;
}
