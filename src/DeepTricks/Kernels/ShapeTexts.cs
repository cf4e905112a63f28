using static TorchSharp.torch;

namespace DeepTricks.Kernels;

/// <summary>Shapes as messages show them.</summary>
internal static class ShapeTexts
{
    /// <summary>For example "[64, 3, 32, 32]".</summary>
    public static string ShapeText(this Tensor tensor) => tensor.shape.ShapeText();

    /// <inheritdoc cref="ShapeText(Tensor)"/>
    public static string ShapeText(this IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}
