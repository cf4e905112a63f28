namespace DeepTricks.Checkpoints;

/// <summary>A checkpoint cannot be loaded as it was asked for; the module is as it was.</summary>
/// <param name="message">What is wrong, with the whole report.</param>
/// <param name="report">The report.</param>
public sealed class CheckpointLoadException(string message, CheckpointLoadReport report) : InvalidOperationException(message)
{
    /// <summary>What could be loaded and what could not. Nothing was.</summary>
    public CheckpointLoadReport Report { get; } = report;
}
