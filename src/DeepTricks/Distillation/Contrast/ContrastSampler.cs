using DeepTricks.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Draws what the samples of a batch are contrasted with. A row depends on the seed, the step and the sample alone, so that neither the batch's order nor where a run was
/// resumed changes it.
/// </summary>
public sealed class ContrastSampler
{
    private readonly Action<SampleRandom, long, Span<long>> _fill;

    private ContrastSampler(long samples, Action<SampleRandom, long, Span<long>> fill) => (Samples, _fill) = (samples, fill);

    /// <summary>The samples of the dataset.</summary>
    public long Samples { get; }

    /// <summary>Any samples, each equally likely, the sample itself among them; RepDistiller's where the data gives no negatives.</summary>
    /// <param name="samples">The samples of the dataset, N.</param>
    public static ContrastSampler Uniform(int samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        return new(samples, (random, _, into) =>
        {
            foreach (ref var one in into)
            {
                one = random.NextInt32(samples);
            }
        });
    }

    /// <summary>Any samples, as likely as their weights say.</summary>
    /// <param name="weights">One for each sample of the dataset; they need not sum to 1.</param>
    /// <exception cref="ArgumentException">A weight is negative or no number, or all are 0.</exception>
    public static ContrastSampler Weighted(ReadOnlySpan<double> weights)
    {
        var table = new AliasTable(weights);
        return new(weights.Length, (random, _, into) =>
        {
            foreach (ref var one in into)
            {
                one = table.Draw(random);
            }
        });
    }

    /// <summary>Samples of other classes, none twice unless more are wanted than there are: RepDistiller's way for CIFAR-100, "exact".</summary>
    /// <param name="labels">The label of each sample of the dataset.</param>
    /// <exception cref="ArgumentException">All samples are of one class.</exception>
    public static ContrastSampler OfOtherClasses(ReadOnlySpan<long> labels)
    {
        var own = labels.ToArray();
        int[] byClass = [.. Enumerable.Range(0, own.Length).OrderBy(i => own[i])];
        var ranges = new Dictionary<long, (int Start, int Count)>();
        for (var i = 0; i < byClass.Length; i++)
        {
            var label = own[byClass[i]];
            ranges[label] = ranges.TryGetValue(label, out var range) ? (range.Start, range.Count + 1) : (i, 1);
        }

        if (ranges.Count < 2)
        {
            throw new ArgumentException("Expected labels of two classes at least.", nameof(labels));
        }

        return new(own.Length, (random, sample, into) =>
        {
            // The samples by class, without those of the sample's own.
            var (start, count) = ranges[own[sample]];
            var others = byClass.Length - count;
            if (into.Length > others)
            {
                foreach (ref var one in into)
                {
                    var at = random.NextInt32(others);
                    one = byClass[at < start ? at : at + count];
                }

                return;
            }

            int[] left = [.. byClass.AsSpan(0, start), .. byClass.AsSpan(start + count)];
            for (var i = 0; i < into.Length; i++)
            {
                var at = i + random.NextInt32(others - i);
                (left[i], left[at]) = (left[at], left[i]);
                into[i] = left[i];
            }
        });
    }

    /// <summary>Draws for a batch.</summary>
    /// <param name="indices">The index of each sample in the dataset.</param>
    /// <param name="negatives">K, how many for each.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="step">The step.</param>
    /// <returns>[B, 1 + K], int64: in each row the sample itself, then its negatives.</returns>
    /// <exception cref="ArgumentException">An index is no sample.</exception>
    public Tensor Draw(ReadOnlySpan<long> indices, int negatives, long seed, long step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(negatives, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        var drawn = new long[indices.Length * (1L + negatives)];
        for (var row = 0; row < indices.Length; row++)
        {
            var sample = indices[row];
            if ((ulong)sample >= (ulong)Samples)
            {
                throw new ArgumentException($"Index {sample} is none of {Samples} samples.", nameof(indices));
            }

            var into = drawn.AsSpan(row * (1 + negatives), 1 + negatives);
            into[0] = sample;
            _fill(new(seed, checked((int)step), sample), sample, into[1..]);
        }

        return tensor(drawn, [indices.Length, 1L + negatives]);
    }

    /// <summary>Draws for a batch with a generator.</summary>
    /// <param name="indices">The index of each sample in the dataset.</param>
    /// <param name="negatives">K, how many for each.</param>
    /// <param name="generator">What the seed is drawn from, a generator of the CPU.</param>
    /// <returns>[B, 1 + K], int64: in each row the sample itself, then its negatives.</returns>
    /// <exception cref="ArgumentException">An index is no sample.</exception>
    public Tensor Draw(ReadOnlySpan<long> indices, int negatives, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        using var seed = randint(long.MaxValue, [1L], ScalarType.Int64, generator: generator);
        return Draw(indices, negatives, seed.item<long>(), 0);
    }
}
