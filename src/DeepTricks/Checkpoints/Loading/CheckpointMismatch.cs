using static TorchSharp.torch;

namespace DeepTricks.Checkpoints;

/// <summary>A tensor whose shape or dtype in the file is not that of the module.</summary>
/// <param name="Name">Its name in the module.</param>
/// <param name="FileType">The dtype in the file.</param>
/// <param name="FileShape">The shape in the file.</param>
/// <param name="ModuleType">The dtype in the module.</param>
/// <param name="ModuleShape">The shape in the module.</param>
public sealed record CheckpointMismatch(string Name, ScalarType FileType, IReadOnlyList<long> FileShape, ScalarType ModuleType, IReadOnlyList<long> ModuleShape);
