using System.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Kernels;

/// <summary>
/// Counts pixels by their true class and the one predicted, [C, C] for each image. On the CPU the labels, or the scores whose highest one is the
/// prediction, are read once, and nothing of their size is stored; elsewhere the same by tensor operations.
/// </summary>
internal static unsafe class ClassPairs
{
    private const int Block = 2048;

    // Equal neighbours would wait for each other's count to be written; so neighbours count into tables of their own.
    private const int Lanes = 4;
    private const int MostForLanes = 4096;

    /// <summary>Counts; to be called inside a dispose scope, without gradients.</summary>
    /// <param name="output">Scores [N, C, ...] or labels [N, ...].</param>
    /// <param name="target">Labels [N, ...].</param>
    /// <param name="classes">C.</param>
    /// <param name="ignored">A label of the target that does not count.</param>
    /// <returns>
    /// [N, C, C] int64, rows of the truth, columns of the prediction; and how many labels are no class: of the target, of the output, [2] int64.
    /// </returns>
    internal static (Tensor Counts, Tensor Wrong) Count(Tensor output, Tensor target, int classes, long? ignored)
    {
        var scored = output.is_floating_point();
        if (!target.FitsSpan() || !output.FitsSpan() || output.device_type != DeviceType.CPU)
            return InTensors(output, target, classes, ignored);
        var guesses = scored && output.dtype != ScalarType.Float32 ? output.argmax(1) : output;
        var counts = zeros([target.shape[0], classes, classes], ScalarType.Int64);
        var wrong = zeros([2], ScalarType.Int64);
        if (target.numel() > 0)
        {
            using var scope = NewDisposeScope();
            var job = new Job(target.shape[0], target.numel() / target.shape[0], classes, ignored, counts.Address<long>(), wrong.Address<long>());
            job.Run(guesses.contiguous(), target.contiguous());
        }

        return (counts, wrong);
    }

    /// <summary>The same by tensor operations, on any device; bincount looks for the highest count, so it waits for the device.</summary>
    internal static (Tensor Counts, Tensor Wrong) InTensors(Tensor output, Tensor target, int classes, long? ignored)
    {
        var truth = target.to(ScalarType.Int64).flatten(1);
        var guess = (output.is_floating_point() ? output.argmax(1) : output.to(ScalarType.Int64)).flatten(1);
        var (images, cells) = (truth.shape[0], (long)classes * classes);
        var counted = ignored is { } label ? truth.ne(label) : ones_like(truth, ScalarType.Bool);
        var wrongTruth = counted & (truth.lt(0) | truth.ge(classes));
        var wrongGuess = counted & ~wrongTruth & (guess.lt(0) | guess.ge(classes));
        var place = where(counted & ~wrongTruth & ~wrongGuess, (truth * classes) + guess, tensor(cells, device: truth.device));
        place += arange(images, device: truth.device).unsqueeze(1) * (cells + 1);
        var counts = bincount(place.flatten(), minlength: images * (cells + 1)).view(images, cells + 1).narrow(1, 0, cells);
        return (counts.reshape(images, classes, classes), stack([wrongTruth.sum(), wrongGuess.sum()]));
    }

    private sealed class Job(long images, long pixels, int classes, long? ignored, long* counts, long* wrong)
    {
        private readonly long _ignored = ignored ?? long.MinValue;
        private readonly int _cells = classes * classes;
        private readonly int _lanes = classes * classes <= MostForLanes ? Lanes : 1;
        private readonly Lock _merging = new();

        public void Run(Tensor guesses, Tensor target)
        {
            switch (target.dtype)
            {
                case ScalarType.Byte: Run(guesses, target.Address<byte>()); break;
                case ScalarType.Int8: Run(guesses, target.Address<sbyte>()); break;
                case ScalarType.Int16: Run(guesses, target.Address<short>()); break;
                case ScalarType.Int32: Run(guesses, target.Address<int>()); break;
                default: Run(guesses, target.Address<long>()); break;
            }
        }

        private void Run<TTruth>(Tensor guesses, TTruth* truth) where TTruth : unmanaged, IBinaryInteger<TTruth>
        {
            switch (guesses.dtype)
            {
                case ScalarType.Float32: RunScores(guesses.Address<float>(), truth); break;
                case ScalarType.Byte: RunLabels(guesses.Address<byte>(), truth); break;
                case ScalarType.Int8: RunLabels(guesses.Address<sbyte>(), truth); break;
                case ScalarType.Int16: RunLabels(guesses.Address<short>(), truth); break;
                case ScalarType.Int32: RunLabels(guesses.Address<int>(), truth); break;
                default: RunLabels(guesses.Address<long>(), truth); break;
            }
        }

        private void RunLabels<TGuess, TTruth>(TGuess* guess, TTruth* truth)
            where TGuess : unmanaged, IBinaryInteger<TGuess>
            where TTruth : unmanaged, IBinaryInteger<TTruth> =>
            Blocks((start, count, bins) => Add(guess + start, truth + start, count, bins));

        private void RunScores<TTruth>(float* scores, TTruth* truth) where TTruth : unmanaged, IBinaryInteger<TTruth> =>
            Blocks((start, count, bins) =>
            {
                var best = stackalloc float[Block];
                var guess = stackalloc int[Block];
                HighestScore(scores + (start / pixels * pixels * classes) + (start % pixels), count, best, guess);
                return Add(guess, truth + start, count, bins);
            });

        /// <summary>Counts blocks of the pixels of an image, on several threads; each adds up what it has before it goes to another image.</summary>
        private void Blocks(CountBlock count)
        {
            var perImage = (pixels + Block - 1) / Block;
            RowParallel.For(images * perImage, Math.Min(pixels, Block), (from, to) =>
            {
                var bins = new int[_lanes * _cells];
                var (wrongTruth, wrongGuess) = (0L, 0L);
                fixed (int* bin = bins)
                {
                    for (var block = from; block < to; block++)
                    {
                        var (image, offset) = (block / perImage, block % perImage * Block);
                        var (first, second) = count((image * pixels) + offset, (int)Math.Min(Block, pixels - offset), bin);
                        (wrongTruth, wrongGuess) = (wrongTruth + first, wrongGuess + second);
                        if (block + 1 == to || (block + 1) / perImage != image)
                            Merge(bins, image);
                    }
                }

                Interlocked.Add(ref wrong[0], wrongTruth);
                Interlocked.Add(ref wrong[1], wrongGuess);
            });
        }

        private void Merge(int[] bins, long image)
        {
            var sums = counts + (image * _cells);
            lock (_merging)
            {
                for (var i = 0; i < bins.Length; i++)
                    sums[i % _cells] += bins[i];
            }

            Array.Clear(bins);
        }

        private (int WrongTruth, int WrongGuess) Add<TGuess, TTruth>(TGuess* guess, TTruth* truth, int count, int* bins)
            where TGuess : unmanaged, IBinaryInteger<TGuess>
            where TTruth : unmanaged, IBinaryInteger<TTruth>
        {
            var (wrongTruth, wrongGuess, lane, limit) = (0, 0, _lanes - 1, (ulong)classes);
            for (var i = 0; i < count; i++)
            {
                var label = long.CreateTruncating(truth[i]);
                if (label == _ignored)
                    continue;
                var other = long.CreateTruncating(guess[i]);
                if ((ulong)label >= limit)
                    wrongTruth++;
                else if ((ulong)other >= limit)
                    wrongGuess++;
                else
                    bins[((i & lane) * _cells) + ((int)label * classes) + (int)other]++;
            }

            return (wrongTruth, wrongGuess);
        }

        /// <summary>The class of the highest score of each pixel, of equal ones the first; NaN is higher than any number, as in PyTorch.</summary>
        private void HighestScore(float* scores, int count, float* best, int* guess)
        {
            new Span<float>(scores, count).CopyTo(new(best, count));
            new Span<int>(guess, count).Clear();
            for (var c = 1; c < classes; c++)
            {
                var row = scores + (c * pixels);
                var label = new Vector<int>(c);
                var i = 0;
                for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
                {
                    var (score, highest) = (Vector.Load(row + i), Vector.Load(best + i));
                    var higher = Vector.AndNot(Vector.Equals(highest, highest), Vector.LessThanOrEqual(score, highest));
                    Vector.ConditionalSelect(higher, score, highest).Store(best + i);
                    Vector.ConditionalSelect(higher, label, Vector.Load(guess + i)).Store(guess + i);
                }

                for (; i < count; i++)
                {
                    if (!float.IsNaN(best[i]) && !(row[i] <= best[i]))
                        (best[i], guess[i]) = (row[i], c);
                }
            }
        }

        private delegate (int WrongTruth, int WrongGuess) CountBlock(long start, int count, int* bins);
    }
}
