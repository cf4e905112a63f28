using System.Buffers;
using System.Numerics;
using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>
/// 1 − structural similarity of images of two dimensions, with the gradient in the same pass: each level's slopes are scaled once all levels are known, and
/// added up from the coarsest to the finest.
/// </summary>
internal sealed unsafe class SsimKernel(PixelInput input, long[] shape, SsimLossOptions options, MsSsimLossOptions? levels) : IFusedLoss
{
    private const int WorkPerPixel = 32;
    private const int Buffers = 3;
    private readonly bool _byBatch = levels?.Variant == MsSsimVariant.UNet3Plus;
    private readonly ImagePyramid _pyramid =
        new((int)shape[^2], (int)shape[^1], levels?.LevelWeights.Count ?? 1, padded: levels?.Variant != MsSsimVariant.UNet3Plus);

    public bool GivesGradient => true;

    private int Planes => (int)input.Samples * input.Classes;

    private int Last => _pyramid.Levels - 1;

    public Tensor Forward(Tensor scores, Tensor? masks, Tensor? gradient)
    {
        var grid = input.Grid(scores, masks);
        var size = _pyramid.Size;
        var rented = ArrayPool<float>.Shared.Rent((Buffers * Planes * size) + SsimLevel.Slack);
        fixed (float* memory = rented)
        {
            float* x = memory, y = x + (Planes * size), slopes = gradient is null ? null : y + (Planes * size);
            new Span<float>(memory + (Buffers * Planes * size), SsimLevel.Slack).Clear();
            Spread(grid, x, y);
            var ranges = Halve(x, y);
            var values = Values(x, y, slopes, ranges);
            var (losses, scales) = _byBatch ? OfBatch(values) : OfPlanes(values);
            if (gradient is not null)
            {
                Collect(grid, slopes, scales, gradient.Address<float>());
            }

            ArrayPool<float>.Shared.Return(rented);
            return options.Reduction == nn.Reduction.None ? tensor(losses) : tensor(losses[0]);
        }
    }

    public Tensor Backward(Tensor scores, Tensor? masks, Tensor upstream) => throw new NotSupportedException();

    public Tensor InTensors(Tensor scores, Tensor? masks) => StructuralSimilarity.InTensors(input.Again(scores, masks), scores, shape, options, levels);

    /// <summary>Probabilities and targets as planes, 0 where ignored.</summary>
    private void Spread(PixelGrid grid, float* x, float* y)
    {
        var size = _pyramid.Size;
        grid.ForBlocks((block, _) =>
        {
            block.Activate();
            for (var c = 0; c < block.Classes; c++)
            {
                for (var i = 0; i < block.Padded; i += Vector<float>.Count)
                {
                    block.Gradient(c, i) = block.Target(c, i, out var valid);
                    block.Value(c, i) = Vector.ConditionalSelect(valid, block.Value(c, i), Vector<float>.Zero);
                }

                var at = (((block.Sample * block.Classes) + c) * size) + block.Start;
                new ReadOnlySpan<float>(block.Values + (c * block.Stride), block.Count).CopyTo(new Span<float>(x + at, block.Count));
                new ReadOnlySpan<float>(block.Gradients + (c * block.Stride), block.Count).CopyTo(new Span<float>(y + at, block.Count));
            }
        });
    }

    /// <summary>Computes the coarser levels, and the range of values of each.</summary>
    private double[] Halve(float* x, float* y)
    {
        var extremes = new (float Low, float High)[Planes * _pyramid.Levels];
        EachPlane(plane =>
        {
            for (var level = 0; level <= Last; level++)
            {
                if (level > 0)
                {
                    _pyramid.Halve(x + (plane * _pyramid.Size), level);
                    _pyramid.Halve(y + (plane * _pyramid.Size), level);
                }

                if (options.DataRange is null)
                {
                    var values = new ReadOnlySpan<float>(x + (plane * _pyramid.Size) + _pyramid.Start(level), _pyramid.Height(level) * _pyramid.Width(level));
                    extremes[(plane * _pyramid.Levels) + level] = Extremes(values);
                }
            }
        });
        var ranges = new double[_pyramid.Levels];
        for (var level = 0; level <= Last; level++)
        {
            var of = Enumerable.Range(0, Planes).Select(plane => extremes[(plane * _pyramid.Levels) + level]);
            var above = of.Any(one => one.High > SsimTensors.LargeValue) ? SsimTensors.LargeRange : 1;
            var below = of.Any(one => one.Low < SsimTensors.NegativeValue) ? 1 : 0;
            ranges[level] = options.DataRange ?? above + below;
        }

        return ranges;
    }

    /// <summary>Mean similarities [planes, levels] with their slopes: the whole SSIM on the last level, contrast and structure on the others.</summary>
    private double[] Values(float* x, float* y, float* slopes, double[] ranges)
    {
        var values = new double[Planes * _pyramid.Levels];
        RowParallel.For(Planes, (long)_pyramid.Size * WorkPerPixel, (from, to) =>
        {
            for (var level = 0; level <= Last; level++)
            {
                var (height, width) = (_pyramid.Height(level), _pyramid.Width(level));
                using var stream = new SsimLevel(height, width, SsimWindow.Of(Math.Min(options.WindowSize, Math.Min(height, width)), options.Sigma));
                var (c1, c2) = ((float)Math.Pow(options.K1 * ranges[level], 2), (float)Math.Pow(options.K2 * ranges[level], 2));
                for (var plane = from; plane < to; plane++)
                {
                    var at = (plane * _pyramid.Size) + _pyramid.Start(level);
                    values[(plane * _pyramid.Levels) + level] = stream.Mean(x + at, y + at, c1, c2, level == Last, slopes == null ? null : slopes + at);
                }
            }
        });
        return values;
    }

    /// <summary>The loss of the variant of UNet3+, and what each plane's slopes count on each level.</summary>
    private (float[] Losses, double[] Scales) OfBatch(double[] values)
    {
        var (means, powers) = (new double[_pyramid.Levels], new double[_pyramid.Levels]);
        double product = 1;
        for (var level = 0; level <= Last; level++)
        {
            means[level] = (Enumerable.Range(0, Planes).Average(plane => values[(plane * _pyramid.Levels) + level]) + 1) / 2;
            powers[level] = levels!.LevelWeights[level] * (level == Last ? Last : 1);
            product *= Math.Pow(means[level], powers[level]);
        }

        var scales = new double[values.Length];
        for (var i = 0; i < scales.Length; i++)
        {
            var level = i % _pyramid.Levels;
            scales[i] = -product * powers[level] / means[level] / 2 / Planes;
        }

        return ([(float)(1 - product)], scales);
    }

    /// <summary>The losses of the samples, or their mean or sum, and what each plane's slopes count on each level.</summary>
    private (float[] Losses, double[] Scales) OfPlanes(double[] values)
    {
        var samples = (int)input.Samples;
        var (losses, scales) = (new double[samples], new double[values.Length]);
        losses.AsSpan().Fill(1);
        var share = 1.0 / input.Classes / (options.Reduction == nn.Reduction.Mean ? samples : 1);
        for (var plane = 0; plane < Planes; plane++)
        {
            var of = values.AsSpan(plane * _pyramid.Levels, _pyramid.Levels);
            var product = 1.0;
            for (var level = 0; level <= Last; level++)
            {
                // SSIM at one scale may be negative; a power of it may not.
                product *= levels is null ? of[level] : of[level] <= 0 ? 0 : Math.Pow(of[level], levels.LevelWeights[level]);
            }

            losses[plane / input.Classes] -= product / input.Classes;
            for (var level = 0; level <= Last; level++)
            {
                var slope = levels is null ? 1 : product == 0 ? 0 : product * levels.LevelWeights[level] / of[level];
                scales[(plane * _pyramid.Levels) + level] = -share * slope;
            }
        }

        return (options.Reduction switch
        {
            nn.Reduction.None => Array.ConvertAll(losses, loss => (float)loss),
            nn.Reduction.Sum => [(float)losses.Sum()],
            _ => [(float)(losses.Sum() / samples)],
        }, scales);
    }

    private void Collect(PixelGrid grid, float* slopes, double[] scales, float* gradient)
    {
        EachPlane(plane =>
        {
            for (var level = Last; level >= 0; level--)
            {
                var of = new Span<float>(slopes + (plane * _pyramid.Size) + _pyramid.Start(level), _pyramid.Height(level) * _pyramid.Width(level));
                Scale(of, (float)scales[(plane * _pyramid.Levels) + level]);
                if (level < Last)
                {
                    _pyramid.AddBack(slopes + (plane * _pyramid.Size), level + 1);
                }
            }
        });
        grid.ForBlocks((block, _) =>
        {
            block.Activate();
            for (var c = 0; c < block.Classes; c++)
            {
                var from = slopes + (((block.Sample * block.Classes) + c) * _pyramid.Size) + block.Start;
                new ReadOnlySpan<float>(from, block.Count).CopyTo(new Span<float>(block.Gradients + (c * block.Stride), block.Count));
                for (var i = 0; i < block.Padded; i += Vector<float>.Count)
                {
                    block.Target(c, i, out var valid);
                    block.Gradient(c, i) = Vector.ConditionalSelect(valid, block.Gradient(c, i), Vector<float>.Zero);
                }
            }

            block.Chain();
            block.Store(block.Gradients, gradient);
        });
    }

    private void EachPlane(Action<int> body) => RowParallel.For(Planes, _pyramid.Size, (from, to) =>
    {
        for (var plane = from; plane < to; plane++)
        {
            body((int)plane);
        }
    });

    private static void Scale(Span<float> values, float factor)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] *= factor;
        }
    }

    private static (float Low, float High) Extremes(ReadOnlySpan<float> values)
    {
        float low = values[0], high = values[0];
        foreach (var value in values)
        {
            low = MathF.Min(low, value);
            high = MathF.Max(high, value);
        }

        return (low, high);
    }
}
