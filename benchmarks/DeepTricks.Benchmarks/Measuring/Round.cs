namespace DeepTricks.Benchmarks.Measuring;

/// <summary>What a number of runs took, in seconds: by the clock, and of processor time over all threads.</summary>
public readonly record struct Round(double Wall, double Processor);
