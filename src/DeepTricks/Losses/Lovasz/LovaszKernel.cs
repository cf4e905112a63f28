using System.Numerics;
using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>The Lovász losses by one radix sort for each class, with the gradient in the same passes.</summary>
internal sealed unsafe class LovaszKernel(LovaszForm form, PixelInput input) : IFusedLoss
{
    public bool GivesGradient => true;

    private long Segments => form.PerImage ? input.Samples : Math.Min(1, input.Samples);

    public Tensor Forward(Tensor scores, Tensor? masks, Tensor? gradient)
    {
        var grid = input.Grid(scores, masks);
        using var probabilities = grid.Activation == PixelActivation.None ? null : Probabilities(grid);
        using var slopes = gradient is null ? null : zeros_like(gradient);
        var (losses, present) = (new double[Segments * input.Classes], new bool[Segments * input.Classes]);
        Sort(grid, (probabilities ?? scores).Address<float>(), slopes is null ? null : slopes.Address<float>(), losses, present);
        var shares = Shares(present);
        if (gradient is not null)
        {
            Chain(grid, slopes!.Address<float>(), shares, gradient.Address<float>());
        }

        double sum = 0;
        for (var i = 0; i < losses.Length; i++)
        {
            // A class that does not count must not bring its NaN along.
            sum += shares[i] == 0 ? 0 : losses[i] * shares[i];
        }

        return tensor((float)sum);
    }

    public Tensor Backward(Tensor scores, Tensor? masks, Tensor upstream) => throw new NotSupportedException();

    public Tensor InTensors(Tensor scores, Tensor? masks) => form.InTensors(input.Again(scores, masks), scores);

    private Tensor Probabilities(PixelGrid grid)
    {
        var result = empty(input.Samples, input.Classes, input.Pixels);
        var address = result.Address<float>();
        grid.ForBlocks((block, _) =>
        {
            block.Activate();
            block.Store(block.Values, address);
        });
        return result;
    }

    private void Sort(PixelGrid grid, float* values, float* slopes, double[] losses, bool[] present)
    {
        var samples = form.PerImage ? 1 : input.Samples;
        RowParallel.For(losses.Length, samples * input.Pixels, (from, to) =>
        {
            using var errors = new JaccardErrors(samples * input.Pixels);
            for (var row = from; row < to; row++)
            {
                var (segment, c) = Math.DivRem(row, input.Classes);
                errors.Clear();
                for (var sample = segment * samples; sample < (segment + 1) * samples; sample++)
                {
                    // Slopes are found by their distance from those of the class in the segment's first sample.
                    Add(errors, grid, values, sample, (int)c, (int)(grid.At(sample, 0) - grid.At(segment * samples, 0)));
                }

                present[row] = errors.Positives > 0;
                losses[row] = form.PresentOnly && !present[row] ? 0 : errors.Sum(slopes == null ? null : slopes + grid.At(segment * samples, (int)c));
            }
        });
    }

    private void Add(JaccardErrors errors, PixelGrid grid, float* values, long sample, int c, int at)
    {
        var row = values + grid.At(sample, c);
        var labels = grid.Targets.Labels.AsSpan();
        var masks = grid.Masks == null ? null : grid.Masks + grid.At(sample, c);
        for (var i = 0; i < input.Pixels; i++)
        {
            bool inside;
            if (masks == null)
            {
                var label = labels[(int)((sample * input.Pixels) + i)];
                if (label < 0)
                {
                    continue;
                }

                inside = label == c;
            }
            else if (masks[i] == grid.Targets.Ignored)
            {
                continue;
            }
            else
            {
                inside = masks[i] > LovaszForm.Inside;
            }

            if (form.Hinge)
            {
                var error = inside ? 1 - row[i] : 1 + row[i];
                if (error <= 0)
                {
                    errors.Skip(inside ? 1 : 0);
                }
                else
                {
                    errors.Add(error, at + i, inside, !inside);
                }
            }
            else
            {
                var difference = row[i] - (inside ? 1 : 0);
                errors.Add(MathF.Abs(difference), at + i, inside, difference > 0);
            }
        }
    }

    /// <summary>What each class of each segment counts in the mean.</summary>
    private double[] Shares(bool[] present)
    {
        var shares = new double[present.Length];
        var classes = input.Classes;
        for (var segment = 0; segment < Segments; segment++)
        {
            var of = present.AsSpan(segment * classes, classes);
            var counted = form.PresentOnly ? of.Count(true) : classes;
            for (var c = 0; c < classes; c++)
            {
                shares[(segment * classes) + c] = form.PresentOnly && !of[c] ? 0 : 1.0 / counted / Segments;
            }
        }

        return shares;
    }

    private void Chain(PixelGrid grid, float* slopes, double[] shares, float* gradient) => grid.ForBlocks((block, _) =>
    {
        block.Activate();
        var segment = form.PerImage ? block.Sample : 0;
        for (var c = 0; c < block.Classes; c++)
        {
            var share = (float)shares[(segment * block.Classes) + c];
            var from = slopes + grid.At(block.Sample, c) + block.Start;
            for (var i = 0; i < block.Count; i++)
            {
                block.Gradients[(c * block.Stride) + i] = from[i] * share;
            }

            new Span<float>(block.Gradients + (c * block.Stride) + block.Count, block.Padded - block.Count).Clear();
        }

        block.Chain();
        block.Store(block.Gradients, gradient);
    });
}
