using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Segmentation;

/// <summary>A 3 x 3 convolution, padded by 1, of a map that is first enlarged bilinearly (corners not aligned).</summary>
internal static class UpsampledConvolution
{
    private const long Side = 3, Taps = Side * Side;

    /// <summary>Multiplications that take about as long as the operations which the early way has more.</summary>
    private const long Worthwhile = 8 * 1000 * 1000;

    /// <summary>Enlarges and convolves, in whichever order takes less work.</summary>
    internal static Tensor Apply(Tensor input, Tensor weight, Tensor bias, long height, long width)
    {
        var (h, w) = (input.size(2), input.size(3));
        var (output, channels) = (weight.size(0), weight.size(1));
        var late = Taps * channels * output * height * width;
        var early = output * ((Taps * channels * h * w) + (Side * height * w * ((Side * h) + width)));
        return early < late ? Early(input, weight, bias, height, width) : Late(input, weight, bias, height, width);
    }

    /// <summary>As it is written: the enlarged map has all channels of the input.</summary>
    internal static Tensor Late(Tensor input, Tensor weight, Tensor bias, long height, long width)
    {
        using var large = Enlarge(input, height, width);
        return nn.functional.conv2d(large, weight, bias, padding: [1, 1]);
    }

    /// <summary>
    /// The same numbers up to rounding. Enlarging goes channel by channel and mixing channels goes pixel by pixel, so that they commute: each of the nine taps
    /// mixes the channels of the small map. What is left, enlarging the nine results and adding them up, each moved by its tap, with zeros
    /// from beyond the border of the large map, is linear in rows and in columns, hence two products with matrices. Nothing
    /// of the input's channels is ever as large as the result, and the graph keeps the small input alone.
    /// </summary>
    internal static Tensor Early(Tensor input, Tensor weight, Tensor bias, long height, long width)
    {
        using var scope = NewDisposeScope();
        var (images, channels, h, w) = (input.size(0), input.size(1), input.size(2), input.size(3));
        var output = weight.size(0);
        // By tap column, output channel and tap row. The middle tap is never beyond the border, and so carries the bias.
        var mixing = weight.permute(3, 0, 2, 1).reshape(Taps * output, channels, 1, 1);
        var shift = nn.functional.pad(bias.view(1, output, 1), [1L, 1, 0, 0, 1, 1], PaddingModes.Constant).reshape(-1);
        var mixed = nn.functional.conv2d(input, mixing, shift).view(images * Side * output, Side * h, w);

        var moved = Moved(input, h, height);
        var rows = cat([.. moved.Select(one => one.t())], 1).unsqueeze(0).expand(mixed.size(0), height, Side * h);
        var tall = rows.bmm(mixed).view(images, Side, output * height, w);
        var columns = Moved(input, w, width).Select(one => one.unsqueeze(0).expand(images, w, width)).ToArray();
        // One tap after the other: side by side for a single product, the three would have to be copied.
        var sum = tall.select(1, 0).bmm(columns[0]);
        for (var tap = 1; tap < Side; tap++)
        {
            using var next = tall.select(1, tap).bmm(columns[tap]);
            sum.add_(next);
        }

        return sum.view(images, output, height, width).MoveToOuterDisposeScope();
    }

    internal static Tensor Enlarge(Tensor input, long height, long width) =>
        nn.functional.interpolate(input, [height, width], mode: InterpolationMode.Bilinear, align_corners: false);

    /// <summary>For the taps −1, 0 and 1 the matrix [small, large] that enlarges a line and moves it, with zeros from beyond its ends.</summary>
    private static Tensor[] Moved(Tensor like, long small, long large)
    {
        // The matrix is what enlarging does to the identity.
        var precise = like.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        var identity = eye(small, dtype: precise, device: like.device).view(1, small, small, 1);
        var padded = nn.functional.pad(Enlarge(identity, large, 1).view(small, large), [1L, 1], PaddingModes.Constant).to(like.dtype);
        return [.. Enumerable.Range(0, (int)Side).Select(tap => padded.narrow(1, tap, large))];
    }
}
