using static TorchSharp.torch;

namespace DeepTricks.Checkpoints;

/// <summary>A tensor's place in a file.</summary>
internal sealed record SafeTensorsEntry(string Name, ScalarType Type, long[] Shape, long Begin, long End);
