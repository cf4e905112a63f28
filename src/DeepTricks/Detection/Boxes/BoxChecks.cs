using System.Runtime.CompilerServices;
using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>The arguments of what works on boxes, checked before libtorch sees them.</summary>
internal static class BoxChecks
{
    /// <summary>[N, 4].</summary>
    public static void Boxes(Tensor boxes, [CallerArgumentExpression(nameof(boxes))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(boxes, name);
        if (boxes.dim() != 2 || boxes.shape[1] != RegionChecks.BoxColumns)
        {
            throw new ArgumentException($"Expected boxes of shape [N, 4]; the shape is {boxes.ShapeText()}.", name);
        }
    }

    /// <summary>[..., 4].</summary>
    public static void LastOfFour(Tensor boxes, [CallerArgumentExpression(nameof(boxes))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(boxes, name);
        if (boxes.dim() < 1 || boxes.shape[^1] != RegionChecks.BoxColumns)
        {
            throw new ArgumentException($"Expected boxes of shape [..., 4]; the shape is {boxes.ShapeText()}.", name);
        }
    }

    /// <summary>Of a floating type.</summary>
    public static void Floating(Tensor tensor, [CallerArgumentExpression(nameof(tensor))] string? name = null)
    {
        if (!tensor.is_floating_point())
        {
            throw new ArgumentException($"Expected a floating type; the type is {tensor.dtype}.", name);
        }
    }

    /// <summary>Of another tensor's type and device.</summary>
    public static void Alike(Tensor tensor, Tensor other, [CallerArgumentExpression(nameof(tensor))] string? name = null)
    {
        if (tensor.dtype != other.dtype)
        {
            throw new ArgumentException($"Expected the type {other.dtype}, as the other has; the type is {tensor.dtype}.", name);
        }

        Together(tensor, other, name);
    }

    /// <summary>On another tensor's device.</summary>
    public static void Together(Tensor tensor, Tensor other, [CallerArgumentExpression(nameof(tensor))] string? name = null)
    {
        if (!tensor.SharesDeviceWith(other))
        {
            throw new ArgumentException($"Expected a tensor on {other.device}, where the other is; it is on {tensor.device}.", name);
        }
    }

    /// <summary>[N], one for each box.</summary>
    public static void OneForEach(Tensor values, Tensor boxes, [CallerArgumentExpression(nameof(values))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(values, name);
        if (values.dim() != 1 || values.shape[0] != boxes.shape[0])
        {
            throw new ArgumentException($"Expected one value for each of {boxes.shape[0]} boxes; the shape is {values.ShapeText()}.", name);
        }

        Together(values, boxes, name);
    }
}
