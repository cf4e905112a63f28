namespace DeepTricks.Kernels;

/// <summary>A tensor that goes into or comes out of a layer.</summary>
/// <param name="Layer">The layer's name in <c>named_modules()</c>; empty for the model itself.</param>
/// <param name="IsInput">Whether it goes in.</param>
/// <param name="Item">Which one, from 0, where there are several.</param>
internal readonly record struct LayerPort(string Layer, bool IsInput = false, int Item = 0);
