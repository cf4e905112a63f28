namespace DeepTricks.Checkpoints;

/// <summary>What a file may ask for beyond its own size; a few bytes of a pickle can ask for any amount.</summary>
internal sealed class ReadBudget(CheckpointReadOptions options)
{
    private long _left = options.MaxExtraBytes;

    internal int MaxDepth => options.MaxDepth;

    internal long MaxExtraBytes => options.MaxExtraBytes;

    /// <exception cref="InvalidDataException">That is more than is left.</exception>
    internal void Charge(long bytes)
    {
        if ((_left -= bytes) < 0)
            throw new InvalidDataException($"the objects in the file take more than {nameof(CheckpointReadOptions.MaxExtraBytes)} allows, {options.MaxExtraBytes} bytes.");
    }
}
