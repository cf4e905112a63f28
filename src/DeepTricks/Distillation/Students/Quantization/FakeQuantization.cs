using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Rounds to what a few bits can hold and back, with a gradient that passes straight through where nothing was cut off. Equal to PyTorch's
/// <c>fake_quantize_per_channel_affine</c> and <c>fake_quantize_per_tensor_affine</c> with the scales of its observers.
/// </summary>
public static class FakeQuantization
{
    /// <summary>PyTorch's least scale: the ε of single precision.</summary>
    private const double SmallestScale = 1.1920928955078125e-07;

    /// <summary>Weights as signed integers of so many bits, a scale for each output channel, zero at 0.</summary>
    /// <param name="weight">[C, ...], of single or double precision.</param>
    /// <param name="bits">2 to 8; 8 by default.</param>
    /// <returns>The weights as they are after rounding.</returns>
    /// <exception cref="ArgumentException">The shape or type does not fit.</exception>
    public static Tensor Weights(Tensor weight, int bits = 8)
    {
        using var scope = NewDisposeScope();
        var scales = WeightScales(weight, bits);
        var (least, most) = Signed(bits);
        return Rounded(weight, scales.reshape(PerChannel(weight)), scales.new_zeros(1), least, most).MoveToOuterDisposeScope();
    }

    /// <summary>The scale of each output channel: its largest magnitude over half the range.</summary>
    /// <param name="weight">[C, ...], of single or double precision.</param>
    /// <param name="bits">2 to 8; 8 by default.</param>
    /// <returns>[C], of single precision, without history.</returns>
    /// <exception cref="ArgumentException">The shape or type does not fit.</exception>
    public static Tensor WeightScales(Tensor weight, int bits = 8)
    {
        Check(weight, least: 2);
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var (least, most) = Signed(bits);
        var largest = weight.flatten(1).abs().amax([1L]).to(ScalarType.Float32);
        return (largest / ((most - least) / 2.0)).clamp_min(SmallestScale).MoveToOuterDisposeScope();
    }

    /// <summary>The weights as integers: what is stored of the finished student.</summary>
    /// <param name="weight">[C, ...], of single or double precision.</param>
    /// <param name="bits">2 to 8; 8 by default.</param>
    /// <returns>The shape of the weights, int8.</returns>
    /// <exception cref="ArgumentException">The shape or type does not fit.</exception>
    public static Tensor WeightIntegers(Tensor weight, int bits = 8)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var inverse = WeightScales(weight, bits).reciprocal().to(weight.dtype).reshape(PerChannel(weight));
        var (least, most) = Signed(bits);
        return (weight * inverse).round().clamp(least, most).to(ScalarType.Int8).MoveToOuterDisposeScope();
    }

    /// <summary>Activations as unsigned integers of so many bits, one scale and zero point for all, over a range that is widened to hold 0.</summary>
    /// <param name="activations">Of any shape, of single or double precision.</param>
    /// <param name="minimum">The least value, a scalar of single precision.</param>
    /// <param name="maximum">The largest value, a scalar of single precision.</param>
    /// <param name="bits">2 to 8; 8 by default.</param>
    /// <returns>The activations as they are after rounding.</returns>
    /// <exception cref="ArgumentException">The type does not fit.</exception>
    public static Tensor Activations(Tensor activations, Tensor minimum, Tensor maximum, int bits = 8)
    {
        Check(activations, least: 0);
        using var scope = NewDisposeScope();
        var (scale, zero) = ActivationScale(minimum, maximum, bits);
        return Rounded(activations, scale, zero, 0, (1L << bits) - 1).MoveToOuterDisposeScope();
    }

    /// <summary>The scale and the integer that stands for 0 of a range, which is widened to hold 0.</summary>
    /// <param name="minimum">The least value, a scalar of single precision.</param>
    /// <param name="maximum">The largest value, a scalar of single precision.</param>
    /// <param name="bits">2 to 8; 8 by default.</param>
    /// <returns>The scale, of single precision, and the zero point, int32, both [1].</returns>
    public static (Tensor Scale, Tensor ZeroPoint) ActivationScale(Tensor minimum, Tensor maximum, int bits = 8)
    {
        ArgumentNullException.ThrowIfNull(minimum);
        ArgumentNullException.ThrowIfNull(maximum);
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var most = (1L << bits) - 1;
        var (low, high) = (minimum.clamp_max(0).reshape(1), maximum.clamp_min(0).reshape(1));
        var scale = ((high - low) / most).clamp_min(SmallestScale);
        var zero = (low / scale).round().neg().clamp(0, most).to(ScalarType.Int32);
        return (scale.MoveToOuterDisposeScope(), zero.MoveToOuterDisposeScope());
    }

    // TorchSharp's own fake_quantize_* are declared and not implemented.
    private static Tensor Rounded(Tensor values, Tensor scale, Tensor zero, long least, long most)
    {
        using var scope = NewDisposeScope();
        var fixedValues = values.detach();
        var integers = (fixedValues * scale.reciprocal().to(values.dtype)).round() + zero;
        var rounded = (integers.clamp(least, most) - zero) * scale.to(values.dtype);
        var inside = integers.ge(least).logical_and(integers.le(most));
        // The difference is 0, and its slope 1.
        return (rounded + where(inside, values - fixedValues, torch.zeros_like(rounded))).MoveToOuterDisposeScope();
    }

    private static long[] PerChannel(Tensor weight) => [-1, .. Enumerable.Repeat(1L, (int)weight.dim() - 1)];

    private static (long Least, long Most) Signed(int bits) => (-(1L << (bits - 1)), (1L << (bits - 1)) - 1);

    private static void Check(Tensor tensor, int least)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.dim() < least || tensor.dtype is not (ScalarType.Float32 or ScalarType.Float64))
        {
            throw new ArgumentException(
                $"Expected a tensor of single or double precision{(least > 0 ? $" with at least {least} dimensions" : "")}; it is {tensor.dtype} {tensor.ShapeText()}.",
                nameof(tensor));
        }
    }
}
