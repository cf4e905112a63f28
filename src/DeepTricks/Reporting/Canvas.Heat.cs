using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Reporting;

public sealed partial class Canvas
{
    /// <summary>Paints a map of values, such as a map of evidence, in colours over the picture.</summary>
    /// <param name="map">[height, width] of any size, of a floating type, values in [0, 1]; it is stretched over the picture by bilinear interpolation.</param>
    /// <param name="style">Colours and opacity; see <see cref="HeatStyle"/> for the defaults.</param>
    /// <returns>This canvas.</returns>
    /// <exception cref="ArgumentException">The shape or type is another, or a value is not finite or outside [0, 1].</exception>
    public Canvas Heat(Tensor map, HeatStyle? style = null)
    {
        ArgumentNullException.ThrowIfNull(map);
        style ??= new();
        if (map.dim() != 2 || map.numel() == 0 || !map.is_floating_point())
            throw new ArgumentException($"The map has the shape {map.ShapeText()} and the type {map.dtype}; expected [height, width] of a floating type.", nameof(map));
        var (height, width) = ((int)map.shape[0], (int)map.shape[1]);
        var values = HostValues(map);
        if (Array.FindIndex(values, value => !(value is >= -1e-3 and <= 1 + 1e-3)) is var wrong and >= 0)
            throw new ArgumentException($"The map holds {values[wrong]}; expected values in [0, 1]. Normalise it first.", nameof(map));

        for (var y = 0; y < PixelHeight; y++)
        {
            var (top, bottom, down) = Between(y, PixelHeight, height);
            for (var x = 0; x < PixelWidth; x++)
            {
                var (left, right, across) = Between(x, PixelWidth, width);
                var above = values[(top * width) + left] + ((values[(top * width) + right] - values[(top * width) + left]) * across);
                var below = values[(bottom * width) + left] + ((values[(bottom * width) + right] - values[(bottom * width) + left]) * across);
                var value = Math.Clamp(above + ((below - above) * down), 0, 1);
                Paint(x, y, style.Colors.At(value), style.Fade ? style.Opacity * value : style.Opacity);
            }
        }

        return this;
    }

    /// <summary>The two neighbours of a pixel's centre among the cells that are stretched over the pixels, and how far it is from the first to the second.</summary>
    private static (int Before, int After, double Part) Between(int pixel, int pixels, int cells)
    {
        var place = Math.Clamp(((pixel + 0.5) * cells / pixels) - 0.5, 0, cells - 1);
        var before = (int)place;
        return (before, Math.Min(before + 1, cells - 1), place - before);
    }

    private static double[] HostValues(Tensor values)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return values.to(ScalarType.Float64).cpu().Values<double>();
    }
}
