using DeepTricks.Checkpoints;
using DeepTricks.Data;
using DeepTricks.Distillation;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

[Collection(ProcessWide.Name)]
public sealed class CachedTeacherTests : IDisposable
{
    private const int Samples = 22;
    private readonly string _folder = Directory.CreateTempSubdirectory("cached-").FullName;
    private readonly SmallNetwork _network = new(width: 6);
    private readonly InMemoryDataset _data = new(Golden.Tensor("data", [Samples, 1, 8, 8]), Golden.Integers("labels", 5, Samples));

    private string FilePath => Path.Combine(_folder, "teacher.safetensors");

    [Theory]
    [InlineData(ScalarType.Float32, 0)]
    [InlineData(ScalarType.Float16, 1e-3)]
    public void Teach_AnyBatch_SaysWhatTheTeacherSays(ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var frozen = new FrozenTeacher(_network);
        CachedTeacher.Write(FilePath, frozen, Loader(), DataIdentity.Of(_data), new() { Taps = ["layer1", Tap.InputOf("fc")], Type = type });
        using var cached = new CachedTeacher(FilePath, DataIdentity.Of(_data), _network);
        cached.Prepare(["layer1", Tap.InputOf("fc")]);

        foreach (var rows in (long[][])[[3, 3, 21, 0], [7], [20, 1, 2, 3, 4, 5]])
        {
            var lesson = Lesson(rows);
            var (expected, actual) = (frozen.Teach(lesson), cached.Teach(lesson));
            foreach (var tap in (Tap[])[Tap.Output, "layer1", Tap.InputOf("fc")])
            {
                Assert.Equal(expected[tap].shape, actual[tap].shape);
                Assert.Equal(ScalarType.Float32, actual[tap].dtype);
                // Rounding of a convolution depends on the batch that a sample is in.
                Assert.True((expected[tap] - actual[tap]).abs().max().item<float>() <= Math.Max(tolerance, 1e-6), $"{tap}");
            }
        }
    }

    [Fact]
    public void Run_WithTheCache_GivesTheTermsOfTheTeacher()
    {
        using var scope = NewDisposeScope();
        using var student = new SmallNetwork();
        TransferTerm[] Terms() => [TransferTerm.Of("logits", new DistillationCallbackTests.HalfSquare())];
        CachedTeacher.Write(FilePath, new FrozenTeacher(_network), Loader(), DataIdentity.Of(_data));
        using var live = new Distiller(student, new FrozenTeacher(_network), Terms());
        using var cached = new Distiller(student, new CachedTeacher(FilePath, DataIdentity.Of(_data)), Terms());
        student.eval();
        var lesson = Lesson(4, 9, 1);

        Assert.Equal(live.Run(lesson.Input).Total().item<float>(), cached.Run(lesson.Input, null, lesson.Indices).Total().item<float>(), 1e-5f);
        Assert.Contains("CachedTeacher needs the index of each of the 3 samples",
            Assert.Throws<InvalidOperationException>(() => cached.Run(lesson.Input)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Teach_AnAugmentationThatDrawsAnewEachEpoch_HasEveryEpochOfItsOwn()
    {
        using var scope = NewDisposeScope();
        using var frozen = new FrozenTeacher(_network);
        var loader = Loader((input, target, random) => (input + tensor(random.Select(one => (float)one.NextNormal()).ToArray()).reshape(-1, 1, 1, 1), target));
        var identity = DataIdentity.Of(_data, loader.Options.Seed);
        CachedTeacher.Write(FilePath, frozen, loader, identity, new() { Epochs = 2 });
        using var cached = new CachedTeacher(FilePath, identity);

        for (var epoch = 0; epoch < 2; epoch++)
            foreach (var batch in loader.Epoch(epoch))
            {
                using var taken = batch;
                var lesson = new Lesson(batch.Input, null, batch.Indices, new(epoch * loader.BatchesPerEpoch + batch.Position.BatchIndex, loader.BatchesPerEpoch, 100), new(zeros(1)));
                Assert.True(cached.Teach(lesson).Output.allclose(frozen.Teach(lesson).Output, 1e-4, 1e-6), $"epoch {epoch}");
            }

        var late = Lesson(1) with { Time = new(2 * loader.BatchesPerEpoch, loader.BatchesPerEpoch, 100) };
        Assert.Contains("of epoch 2, from 0", Assert.Throws<InvalidOperationException>(() => cached.Teach(late)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WhatDoesNotFit_NamesBothSides()
    {
        CachedTeacher.Write(FilePath, new FrozenTeacher(_network), Loader(), DataIdentity.Of(_data));
        using var other = new SmallNetwork(width: 4);
        using var changed = new InMemoryDataset(_data.Inputs + 1);
        using var part = _data.Slice(0, 5);
        var identity = DataIdentity.Of(_data);

        Throws($"the data count is \"{Samples}\"; expected is \"5\"", () => new CachedTeacher(FilePath, DataIdentity.Of(part)));
        Throws($"the data checksum is \"{identity.Checksum}\"; expected is \"{DataIdentity.Of(changed).Checksum}\"", () => new CachedTeacher(FilePath, DataIdentity.Of(changed)));
        Throws("the data augmentation seed is \"none\"; expected is \"7\"", () => new CachedTeacher(FilePath, identity with { AugmentationSeed = 7 }));
        Throws("the teacher is \"", () => new CachedTeacher(FilePath, identity, other));
        using (var cached = new CachedTeacher(FilePath, identity))
            Assert.Contains("does not have the output of 'layer1'; it has: output of the network", Assert.Throws<ArgumentException>(() => cached.Prepare(["layer1"])).Message, StringComparison.Ordinal);

        var whole = File.ReadAllBytes(FilePath);
        foreach (var length in (int[])[0, 5, 100, whole.Length / 2, whole.Length - 1])
        {
            File.WriteAllBytes(FilePath, whole[..length]);
            Throws(FilePath, () => new CachedTeacher(FilePath, identity));
        }
        using (var stranger = SafeTensors.Load(SaveStranger()))
            Throws("the format is \"nothing\"", () => new CachedTeacher(FilePath, identity));

        static void Throws(string message, Func<CachedTeacher> open) =>
            Assert.Contains(message, Assert.Throws<InvalidDataException>(open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ASourceThatLeavesSamplesOut_IsRefusedAndLeavesNoFile()
    {
        var loader = new BatchLoader(_data, new() { BatchSize = 5, DropLast = true, PrefetchDepth = 0 });

        var error = Assert.Throws<ArgumentException>(() => CachedTeacher.Write(FilePath, new FrozenTeacher(_network), loader, DataIdentity.Of(_data)));

        Assert.Contains("left out 2 of 22 samples", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    public void Dispose()
    {
        _network.Dispose();
        _data.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string SaveStranger()
    {
        using var one = zeros(Samples, 3);
        SafeTensors.Save(FilePath, new Dictionary<string, Tensor> { ["output of the network"] = one });
        return FilePath;
    }

    private BatchLoader Loader(BatchTransform? transform = null) => new(_data, new() { BatchSize = 5, Seed = 3, PrefetchDepth = 0, Transform = transform });

    private Lesson Lesson(params long[] rows) => new(_data.Inputs.index_select(0, tensor(rows)), null, rows, default, new(zeros(1)));
}
