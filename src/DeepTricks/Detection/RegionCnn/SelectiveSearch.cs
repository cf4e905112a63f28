using DeepTricks.Data;
using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>
/// Proposes where in a picture there may be objects, whatever they are: segments it and merges the most similar neighbours step by step; every region
/// on the way is a proposal (Uijlings, van de Sande, Gevers and Smeulders, "Selective Search for Object Recognition", 2013).
/// </summary>
/// <remarks>
/// Where the paper is silent: textures are the central differences of each channel, smoothed with a Gaussian of 1 pixel, in eight directions, and
/// their bins reach to the channel's steepest slope. The result is a function of the picture and the options alone.
/// </remarks>
public static class SelectiveSearch
{
    private const int Channels = 3;

    /// <summary>Proposes boxes. It runs on the CPU whatever the picture's device.</summary>
    /// <param name="image">A picture in RGB, [3, H, W], floating point in [0, 1] or Byte.</param>
    /// <param name="options">The strategies; <see cref="SelectiveSearchOptions.Fast"/> where null.</param>
    /// <returns>[N, 4] float32 on the picture's device: left, top, right, bottom in pixels, each box once, the likeliest first.</returns>
    /// <exception cref="ArgumentException">The picture has another shape or dtype, or values outside [0, 1].</exception>
    public static Tensor Propose(Tensor image, SelectiveSearchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        options ??= SelectiveSearchOptions.Fast;
        var pixels = Read(image, options.Width);
        var boxes = Ranked(pixels, options);
        var (scaleX, scaleY) = (image.shape[2] / (float)pixels.Width, image.shape[1] / (float)pixels.Height);
        var values = new float[boxes.Count * 4];
        for (var i = 0; i < boxes.Count; i++)
        {
            var (left, top, right, bottom) = boxes[i];
            (values[4 * i], values[(4 * i) + 1], values[(4 * i) + 2], values[(4 * i) + 3]) = (left * scaleX, top * scaleY, right * scaleX, bottom * scaleY);
        }

        using var scope = NewDisposeScope();
        return tensor(values, [boxes.Count, 4], device: image.device).MoveToOuterDisposeScope();
    }

    private static ImagePixels Read(Tensor image, int? width)
    {
        var pixels = ImagePixels.Read(image, Channels);
        if (width is not { } asked || asked == pixels.Width) return pixels;
        using var scope = NewDisposeScope();
        var height = Math.Max((long)Math.Round(pixels.Height * (double)asked / pixels.Width), 1);
        var source = tensor(pixels.Values, [1, Channels, pixels.Height, pixels.Width]);
        var resized = nn.functional.interpolate(source, [height, asked], mode: InterpolationMode.Bilinear, align_corners: false);
        return ImagePixels.Read(resized[0].clamp(0, 1), Channels);
    }

    private static List<(int Left, int Top, int Right, int Bottom)> Ranked(ImagePixels pixels, SelectiveSearchOptions options)
    {
        var strategies = new (int Left, int Top, int Right, int Bottom)[options.ColorSpaces.Count * options.Scales.Count * options.Similarities.Count][];
        RowParallel.For(options.ColorSpaces.Count, pixels.Values.Length, (from, to) =>
        {
            for (var color = (int)from; color < to; color++) Search(pixels, color, options, strategies);
        });

        var ranked = new List<(double Rank, (int Left, int Top, int Right, int Bottom) Box)>();
        for (var strategy = 0; strategy < strategies.Length; strategy++)
        {
            var hierarchy = strategies[strategy];
            for (var i = 0; i < hierarchy.Length; i++)
            {
                var box = hierarchy[i];
                if (box.Right - box.Left >= options.MinimumSide && box.Bottom - box.Top >= options.MinimumSide)
                    ranked.Add(((hierarchy.Length - i) * new SampleRandom(options.Seed, strategy, i).NextDouble(), box));
            }
        }

        return [.. ranked.OrderBy(one => one.Rank).Select(one => one.Box).Distinct().Take(options.MaximumBoxes ?? int.MaxValue)];
    }

    /// <summary>All strategies of one colour space: the edges of its pixels are weighed and sorted once.</summary>
    private static void Search(ImagePixels pixels, int color, SelectiveSearchOptions options, (int Left, int Top, int Right, int Bottom)[][] strategies)
    {
        var (width, height) = (pixels.Width, pixels.Height);
        var planes = ColorPlanes.Convert(pixels.Values, width * height, options.ColorSpaces[color]);
        var bins = new PixelBins(planes, width, height);
        var graph = new PixelGraph(Array.ConvertAll(planes, plane => GaussianFilter.Smooth(plane, width, height, options.Sigma)), width, height);
        for (var scale = 0; scale < options.Scales.Count; scale++)
        {
            var (labels, count) = graph.Segment(options.Scales[scale] / (double)byte.MaxValue, options.Scales[scale]);
            var table = RegionTable.Of(labels, count, width, height, bins);
            for (var similarity = 0; similarity < options.Similarities.Count; similarity++)
            {
                var strategy = (((color * options.Scales.Count) + scale) * options.Similarities.Count) + similarity;
                strategies[strategy] = RegionGrouping.Boxes(table, options.Similarities[similarity], width * height);
            }
        }
    }
}
