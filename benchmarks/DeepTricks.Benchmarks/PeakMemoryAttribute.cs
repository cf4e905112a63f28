namespace DeepTricks.Benchmarks;

/// <summary>Says that a case is also held against its peer in memory, as NAME-memory.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PeakMemoryAttribute : Attribute;
