namespace DeepTricks.Training;

/// <summary>The results of an epoch.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Step">The steps done since the start of the training.</param>
/// <param name="Metrics">The figures by name, such as "loss" and "validation/accuracy".</param>
public sealed record EpochRecord(int Epoch, long Step, IReadOnlyDictionary<string, double> Metrics);
