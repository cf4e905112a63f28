using System.Diagnostics;
using DeepTricks.Data;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Data;

[Collection(ProcessWide.Name)]
public sealed class BatchLoaderTests : IDisposable
{
    private const int Count = 23;
    private const int BatchSize = 5;

    // The input of sample i is (i, i + 0.5), its target i.
    private readonly InMemoryDataset dataset = new(
        stack([arange(Count, dtype: ScalarType.Float32), arange(Count, dtype: ScalarType.Float32) + 0.5f], 1),
        arange(Count, dtype: ScalarType.Int64));

    public void Dispose() => dataset.Dispose();

    [Fact]
    public void Epoch_AllBatches_VisitEachSampleOnceWithItsTarget()
    {
        var loader = Loader(new());
        var seen = new List<long>();

        foreach (var batch in loader.Epoch(0))
        {
            using (batch)
            {
                var targets = batch.Target!.data<long>().ToArray();
                Assert.Equal(batch.Indices.ToArray(), targets);
                Assert.Equal(targets.SelectMany(i => new[] { (float)i, i + 0.5f }), batch.Input.data<float>().ToArray());
                Assert.Equal(new DataPosition(0, seen.Count / BatchSize), batch.Position);
                seen.AddRange(targets);
            }
        }

        Assert.Equal(5, loader.BatchesPerEpoch);
        Assert.NotEqual(EpochOrder.Sequential(Count), seen);
        Assert.Equal(EpochOrder.Sequential(Count), seen.Order());
    }

    [Fact]
    public void Epoch_DropLast_LeavesTheShortBatchOut()
    {
        var loader = Loader(new() { DropLast = true });

        Assert.Equal(4, loader.BatchesPerEpoch);
        Assert.All(Read(loader, 0), indices => Assert.Equal(BatchSize, indices.Length));
    }

    [Fact]
    public void Epoch_WithoutShuffling_KeepsTheOrder() =>
        Assert.Equal(EpochOrder.Sequential(Count), Read(Loader(new() { Shuffle = false }), 3).SelectMany(indices => indices));

    [Fact]
    public void Epoch_EachEpochAndSeed_HasItsOwnOrder()
    {
        var first = Read(Loader(new() { Seed = 1 }), 0);

        Assert.Equal(first, Read(Loader(new() { Seed = 1 }), 0));
        Assert.NotEqual(first, Read(Loader(new() { Seed = 1 }), 1));
        Assert.NotEqual(first, Read(Loader(new() { Seed = 2 }), 0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void Epoch_AnyPrefetching_GivesTheSameBatchesAndRandomNumbers(int depth)
    {
        static BatchLoaderOptions Options(int depth) => new() { Seed = 4, PrefetchDepth = depth, Transform = AddNoise };

        Assert.Equal(ReadInputs(Loader(Options(2)), 1), ReadInputs(Loader(Options(depth)), 1));
    }

    [Fact]
    public void Epoch_FromAnyBatch_GivesWhatAFullPassGivesFromThere()
    {
        var loader = Loader(new() { Seed = 4, Transform = AddNoise });
        var full = ReadInputs(loader, 2);

        for (var first = 0; first <= loader.BatchesPerEpoch; first++)
        {
            Assert.Equal(full[first..], ReadInputs(loader, 2, first));
        }
    }

    [Fact]
    public void Epoch_OtherBatchSize_GivesEachSampleTheSameRandomNumbers()
    {
        var options = new BatchLoaderOptions { Seed = 4, Transform = AddNoise };

        var small = ReadInputs(new(dataset, options with { BatchSize = 2 }), 1).SelectMany(rows => rows);
        var large = ReadInputs(new(dataset, options with { BatchSize = 20 }), 1).SelectMany(rows => rows);

        Assert.Equal(small, large);
    }

    [Fact]
    public void Epoch_Unlabelled_HasNoTarget()
    {
        using var unlabelled = new InMemoryDataset(zeros(4, 2));

        foreach (var batch in new BatchLoader(unlabelled).Epoch(0))
        {
            Assert.Null(batch.Target);
            batch.Dispose();
        }
    }

    [Fact]
    public void Epoch_ChangedBatch_LeavesTheDatasetAlone()
    {
        using var one = new InMemoryDataset(ones(1, 3));

        var loader = new BatchLoader(one, new() { Transform = (input, target, _) => (input.mul_(2), target) });
        foreach (var batch in loader.Epoch(0))
        {
            batch.Input.zero_();
            batch.Dispose();
        }

        Assert.Equal([1f, 1f, 1f], one.Inputs.data<float>().ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Epoch_ScopeAroundTheLoop_LeavesTheBatchesAlone(int depth)
    {
        Batch kept;
        using (NewDisposeScope())
        {
            using var batches = Loader(new() { PrefetchDepth = depth }).Epoch(0).GetEnumerator();
            using (NewDisposeScope())
            {
                Assert.True(batches.MoveNext());
            }

            kept = batches.Current;
            Assert.False(kept.Input.IsInvalid);
        }

        Assert.Equal(2 * BatchSize, kept.Input.data<float>().ToArray().Length);
        kept.Dispose();
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(3, 100)]
    [InlineData(3, 2)]
    public void Epoch_ReadOrAbandoned_LeavesNoTensorBehind(int depth, int batches)
    {
        var loader = Loader(new() { PrefetchDepth = depth, Transform = AddNoise });
        Read(loader, 0, batches: batches);
        var before = ProcessWide.LiveTensors();

        for (var epoch = 1; epoch < 10; epoch++)
        {
            Read(loader, epoch, batches: batches);
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Epoch_TransformThatThrows_SurfacesInTheLoopAfterTheBatchesBefore(int depth)
    {
        var calls = 0;
        var loader = Loader(new()
        {
            PrefetchDepth = depth,
            Transform = (input, target, _) => calls++ == 2 ? throw new FormatException("bad sample") : (input, target),
        });
        var taken = 0;

        var exception = Assert.Throws<FormatException>(() =>
        {
            foreach (var batch in loader.Epoch(0))
            {
                batch.Dispose();
                taken++;
            }
        });

        Assert.Equal("bad sample", exception.Message);
        Assert.Equal(2, taken);
    }

    [Fact]
    public void Epoch_TransformThatLosesRows_IsRefused()
    {
        var loader = Loader(new() { Transform = (input, target, _) => (input.narrow(0, 0, 1), target) });

        Assert.Throws<ArgumentException>("input", () => Read(loader, 0));
    }

    [Fact]
    public void Epoch_Transform_SeesNoGradients()
    {
        using var weight = ones(2, requires_grad: true);

        foreach (var batch in Loader(new() { Transform = (input, target, _) => (input * weight, target) }).Epoch(0))
        {
            Assert.False(batch.Input.requires_grad);
            batch.Dispose();
        }
    }

    [Fact]
    public void Epoch_Device_MovesTheBatch()
    {
        foreach (var batch in Loader(new() { Device = META }).Epoch(0))
        {
            Assert.Equal("meta", batch.Input.device.ToString());
            Assert.Equal("meta", batch.Target!.device.ToString());
            batch.Dispose();
        }
    }

    // An epoch of 10,000 batches is entered at its end in the time of its permutation, not of its batches.
    [Fact]
    public void Epoch_FromTheLastBatch_DoesNotMakeTheOthers()
    {
        var calls = 0;
        using var large = new InMemoryDataset(zeros(100_000, 1));
        var loader = new BatchLoader(large, new() { BatchSize = 10, Transform = Count });

        var watch = Stopwatch.StartNew();
        Assert.Single(Read(loader, 7, loader.BatchesPerEpoch - 1));

        Assert.Equal(1, calls);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);

        (Tensor, Tensor?) Count(Tensor input, Tensor? target, IReadOnlyList<SampleRandom> random)
        {
            calls++;
            return (input, target);
        }
    }

    [Fact]
    public void BadArguments_AreRefused()
    {
        var loader = Loader(new());

        Assert.Throws<ArgumentOutOfRangeException>("epoch", () => loader.Epoch(-1));
        Assert.Throws<ArgumentOutOfRangeException>("firstBatch", () => loader.Epoch(0, -1));
        Assert.Throws<ArgumentOutOfRangeException>("firstBatch", () => loader.Epoch(0, 6));
        Assert.Throws<ArgumentOutOfRangeException>("BatchSize", () => new BatchLoaderOptions { BatchSize = 0 });
        Assert.Throws<ArgumentOutOfRangeException>("PrefetchDepth", () => new BatchLoaderOptions { PrefetchDepth = -1 });
        Assert.Throws<ArgumentException>("dataset", () => new BatchLoader(dataset, new() { BatchSize = 24, DropLast = true }));
        using var none = new InMemoryDataset(zeros(0, 2));
        Assert.Throws<ArgumentException>("dataset", () => new BatchLoader(none));
    }

    private static (Tensor Input, Tensor? Target) AddNoise(Tensor input, Tensor? target, IReadOnlyList<SampleRandom> random)
    {
        using var noise = tensor(random.Select(sample => sample.NextSingle()).ToArray()).unsqueeze(1);
        return (input + noise, target);
    }

    private static List<long[]> Read(BatchLoader loader, int epoch, int first = 0, int batches = int.MaxValue)
    {
        var read = new List<long[]>();
        foreach (var batch in loader.Epoch(epoch, first))
        {
            using (batch)
            {
                read.Add(batch.Indices.ToArray());
            }

            if (read.Count == batches)
            {
                break;
            }
        }

        return read;
    }

    private static List<float[]> ReadInputs(BatchLoader loader, int epoch, int first = 0)
    {
        var read = new List<float[]>();
        foreach (var batch in loader.Epoch(epoch, first))
        {
            using (batch)
            {
                read.Add(batch.Input.data<float>().ToArray());
            }
        }

        return read;
    }

    private BatchLoader Loader(BatchLoaderOptions options) => new(dataset, options with { BatchSize = BatchSize });
}
