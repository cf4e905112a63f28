namespace DeepTricks.Checkpoints;

/// <summary>How a checkpoint is loaded into a module.</summary>
public sealed record CheckpointLoadOptions
{
    /// <summary>
    /// Whether every tensor of the module must be in the file, and every one of the file in the module. Default: true, as in
    /// PyTorch's <c>load_state_dict</c>.
    /// </summary>
    public bool Strict { get; init; } = true;

    /// <summary>From the names in the file to those of the module. Default: <see cref="NameMap.Identity"/>.</summary>
    public NameMap Names
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Names));
    } = NameMap.Identity;

    /// <summary>
    /// Names of the module that are left as they are, with <c>*</c> for any text: "fc.*", "*.num_batches_tracked". They are neither missing
    /// nor unexpected. Default: none.
    /// </summary>
    public IReadOnlyList<string> Skip
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Skip));
    } = [];

    /// <summary>
    /// Whether tensors of another shape than the module's are left out, and listed in the report. Default: false, as in PyTorch, where they are
    /// an error in a partial load too.
    /// </summary>
    public bool LeaveMisshapen { get; init; }

    /// <summary>What happens where dtypes differ. Default: <see cref="CheckpointTypes.Equal"/>.</summary>
    public CheckpointTypes Types
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(Types), value, "Expected one of CheckpointTypes.");
    }
}
