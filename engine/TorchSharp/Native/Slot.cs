namespace TorchSharp.Native;

/// <summary>A tensor of a <see cref="Chain"/>, by its number.</summary>
internal readonly record struct Slot(int Number);
