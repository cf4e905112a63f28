using static TorchSharp.torch;

namespace DeepTricks.Checkpoints;

/// <summary>A tensor in a file, before it is read.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The dtype.</param>
/// <param name="Shape">The shape.</param>
/// <param name="Bytes">How many bytes its elements have.</param>
public sealed record CheckpointEntry(string Name, ScalarType Type, IReadOnlyList<long> Shape, long Bytes);
