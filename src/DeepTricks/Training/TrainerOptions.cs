using static TorchSharp.torch;

namespace DeepTricks.Training;

/// <summary>Settings of a <see cref="Trainer"/>.</summary>
public sealed record TrainerOptions
{
    /// <summary>The device that batches are moved to; null, the default, leaves them where they are. The model is moved by the caller.</summary>
    public Device? Device { get; init; }

    /// <summary>
    /// The most rows that go through the model at once (gradient accumulation): larger batches are split, and give the same gradient as whole
    /// ones. Null, the default, does not split. Layers that look at the whole batch, such as batch normalisation, see the micro-batch.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int? MicroBatchSize
    {
        get;
        init => field = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(MicroBatchSize), value, "Expected at least 1.");
    }

    /// <summary>Whether to measure the time that each callback takes (<see cref="Trainer.Timings"/>); false by default.</summary>
    public bool MeasureTime { get; init; }
}
