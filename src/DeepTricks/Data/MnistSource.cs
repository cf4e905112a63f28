namespace DeepTricks.Data;

/// <summary>Says which data a <see cref="Mnist"/> holds.</summary>
/// <param name="Kind">The kind of place.</param>
/// <param name="Path">The folder of the files; null where there is none.</param>
/// <param name="TrainCount">The number of training samples.</param>
/// <param name="TestCount">The number of test samples.</param>
/// <param name="Note">What else a reader of the results must know, such as why nothing was downloaded; null for nothing.</param>
public sealed record MnistSource(MnistSourceKind Kind, string? Path, int TrainCount, int TestCount, string? Note = null)
{
    /// <summary>Whether these are the real digits of MNIST's writers.</summary>
    public bool IsReal => Kind != MnistSourceKind.Synthetic;

    /// <summary>One sentence for a log or a report.</summary>
    public override string ToString()
    {
        var what = Kind switch
        {
            MnistSourceKind.Directory => $"MNIST from the folder {Path}",
            MnistSourceKind.Environment => $"MNIST from the folder {Path}, which {MnistOptions.EnvironmentVariable} names",
            MnistSourceKind.Shared => $"MNIST from the shared folder {Path}",
            MnistSourceKind.Download => $"MNIST as published, downloaded into {Path}",
            _ => "SYNTHETIC digits drawn by a generator, NOT MNIST",
        };
        return $"{what}: {TrainCount:N0} training and {TestCount:N0} test images.{(Note is null ? "" : $" {Note}")}";
    }
}
