using DeepTricks.Data;
using DeepTricks.Priors;
using DeepTricks.Testing;
using DeepTricks.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Priors;

/// <summary>The callbacks train as loops by hand do, however a batch is split. Alone, for MAXL sets the default generator.</summary>
[Collection(ProcessWide.Name)]
public sealed class PriorCallbackTests
{
    private const int Samples = 24, BatchSize = 8, Steps = 6;

    public static TheoryData<string> Priors => ["cam", "cam-head", "mask", "labels"];

    [Theory]
    [MemberData(nameof(Priors))]
    public void Fit_TrainsAsTheLoopByHand(string kind)
    {
        using var scope = NewDisposeScope();
        using var trained = new Setting(kind);
        using (var trainer = new Trainer(Objective.Classification(trained.Model), trained.Optimizer, [new PriorCallback(trained.Prior, trained.Table.Of)]))
        {
            trainer.Fit(trained.Source, $"{Steps}st");
        }

        using var byHand = new Setting(kind);
        byHand.Loop();

        Assert.Equal(byHand.Weights(), trained.Weights());
    }

    [Theory]
    [MemberData(nameof(Priors))]
    public void Gradients_InMicroBatches_AreThoseOfTheWholeBatch(string kind)
    {
        using var scope = NewDisposeScope();
        float[] Of(long? size)
        {
            using var setting = new Setting(kind);
            using var trainer = new Trainer(Objective.Classification(setting.Model), setting.Optimizer, [new PriorCallback(setting.Prior, setting.Table.Of)],
                new() { MicroBatchSize = (int?)size });
            trainer.Fit(setting.Source, "1st");
            return setting.Numbers();
        }

        var whole = Of(null);

        Assert.All(whole.Zip(Of(3)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.All(whole.Zip(Of(5)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Maxl_TrainsAsTheLoopByHand(int interval)
    {
        using var scope = NewDisposeScope();
        byte[] Of(Action<MaxlSetting> train)
        {
            using var setting = new MaxlSetting();
            train(setting);
            return [.. setting.Setting.Weights(), .. Bytes(setting.Generator), .. Bytes(setting.Head)];
        }

        var trained = Of(setting =>
        {
            using var trainer = new Trainer(Objective.Supervised(setting.Setting.Model, setting.Maxl.PrimaryLoss), setting.Setting.Optimizer,
                [new MaxlCallback(setting.Maxl, setting.GeneratorOptimizer, interval)]);
            trainer.Fit(setting.Setting.Source, $"{Steps}st");
        });
        var byHand = Of(setting =>
        {
            var step = 0;
            foreach (var batch in setting.Setting.Batches())
            {
                using var inner = NewDisposeScope();
                var loss = setting.Maxl.PrimaryLoss(setting.Setting.Model.call(batch.Input), batch.Target!) + setting.Maxl.AuxiliaryLoss(batch.Input, batch.Target!);
                setting.Setting.Optimizer.zero_grad();
                loss.backward();
                setting.Setting.Optimizer.step();
                if (++step % interval == 0)
                {
                    setting.GeneratorOptimizer.zero_grad();
                    setting.Maxl.MetaGradient(batch.Input, batch.Target!, 0.1);
                    setting.GeneratorOptimizer.step();
                }
            }
        });

        Assert.Equal(byHand, trained);
    }

    [Fact]
    public void Fit_WithATableOfOtherSamples_SaysSo()
    {
        using var scope = NewDisposeScope();
        using var setting = new Setting("labels");
        using var table = new SampleTable(zeros([5, 2], ScalarType.Int64));
        using var trainer = new Trainer(Objective.Classification(setting.Model), setting.Optimizer, [new PriorCallback(setting.Prior, table.Of)]);

        Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Fit(setting.Source, "1ep"));
    }

    private static byte[] Bytes(nn.Module module) => [.. module.state_dict().Values.SelectMany(one => one.bytes.ToArray())];

    /// <summary>A small model, images in three classes, one prior and what it knows of the samples, some of it missing.</summary>
    private sealed class Setting : IDisposable
    {
        private readonly InMemoryDataset _dataset = new(Golden.Tensor("priors.images", [Samples, 2, 8, 8]), Golden.Integers("priors.labels", 3, Samples));
        private readonly string _kind;

        internal Setting(string kind)
        {
            _kind = kind;
            Model = Golden.Fill(nn.Sequential(
                ("body", nn.Conv2d(2, 6, 3, padding: 1)), ("relu", nn.ReLU(inplace: true)), ("pool", nn.AdaptiveAvgPool2d(1)), ("flatten", nn.Flatten()), ("fc", nn.Linear(6, 3))));
            Table = new(kind == "labels" ? Labels() : Masks());
            Prior = kind switch
            {
                "cam" => new CamConstraint(Model, "relu", "fc", new() { Match = MaskMatch.Area, Weight = 0.5 }),
                "cam-head" => new CamConstraint(Model, "relu", Golden.Fill(new CamHead(6, 3)), new() { Class = 2, PositivesOnly = true, Part = EvidencePart.Absolute }),
                "mask" => new MaskPrior(Model, "body", Evaluating(Golden.Fill(new PartMaskDecoder(6, new() { Width = 4, Doublings = 1 }))), new() { DiceWeight = 0.5 }),
                _ => new AuxiliaryLabels(Model, "body", Golden.Fill(new AuxiliaryHeads(6, [new("fine", [0, 0, 1, 1]), new("pose", 3) { Weight = 0.3 }]))),
            };
            Optimizer = optim.SGD([.. Model.parameters(), .. Prior.Learner?.parameters() ?? []], 0.1, momentum: 0.9);
            Source = new(_dataset, new() { BatchSize = BatchSize, Seed = 3, PrefetchDepth = 0 });
        }

        internal Sequential Model { get; }

        internal LayerPrior Prior { get; }

        internal SampleTable Table { get; }

        internal optim.Optimizer Optimizer { get; }

        internal BatchLoader Source { get; }

        public void Dispose()
        {
            Optimizer.Dispose();
            Prior.Dispose();
            Prior.Learner?.Dispose();
            Table.Dispose();
            Model.Dispose();
            _dataset.Dispose();
        }

        internal IEnumerable<Batch> Batches()
        {
            for (var (epoch, step) = (0, 0); step < Steps; epoch++)
            {
                foreach (var batch in Source.Epoch(epoch))
                {
                    using (batch)
                    {
                        yield return batch;
                    }

                    step++;
                }
            }
        }

        internal void Loop()
        {
            foreach (var batch in Batches())
            {
                using var scope = NewDisposeScope();
                var loss = nn.functional.cross_entropy(Model.call(batch.Input), batch.Target!);
                var rows = Table.Of(batch.Indices.Span);
                IReadOnlyList<LossTerm> terms = Prior switch
                {
                    CamConstraint cam => cam.Terms(batch.Target!, rows),
                    MaskPrior mask => mask.Terms(rows),
                    AuxiliaryLabels labels => labels.Terms(rows),
                    _ => throw new InvalidOperationException(_kind),
                };
                Optimizer.zero_grad();
                terms.Aggregate(loss, (sum, term) => sum + (term.Weight == 1 ? term.Value : term.Value * term.Weight)).backward();
                Optimizer.step();
            }
        }

        internal byte[] Weights() => [.. Bytes(Model), .. Prior.Learner is { } learner ? Bytes(learner) : []];

        internal float[] Numbers() => [.. Model.parameters().Concat(Prior.Learner?.parameters() ?? []).SelectMany(one => one.detach().contiguous().data<float>().ToArray())];

        private static Tensor Labels()
        {
            using var scope = NewDisposeScope();
            var labels = stack([Golden.Integers("fine", 4, Samples), Golden.Integers("pose", 3, Samples)], 1);
            return labels.masked_fill(Golden.Tensor("missing", [Samples, 2]).gt(0.3), -100).MoveToOuterDisposeScope();
        }

        private static Tensor Masks()
        {
            using var scope = NewDisposeScope();
            var masks = Golden.Tensor("priors.masks", [Samples, 16, 16]).gt(0.5).to(ScalarType.Float32);
            return masks.masked_fill(Golden.Tensor("missing", [Samples, 1, 1]).gt(0.3), SampleMasks.Unknown).MoveToOuterDisposeScope();
        }

        // The statistics of a batch are not those of its parts.
        private static PartMaskDecoder Evaluating(PartMaskDecoder branch)
        {
            branch.eval();
            return branch;
        }
    }

    private sealed class MaxlSetting : IDisposable
    {
        internal MaxlSetting()
        {
            Head = Golden.Fill(nn.Sequential(("fine", nn.Linear(6, 6))));
            Generator = Golden.Fill(new LabelGenerator(nn.Sequential(("flatten", nn.Flatten()), ("fc", nn.Linear(128, 6))), [2, 2, 2]));
            Maxl = new(Setting.Model, "relu", Head, Generator);
            Setting.Optimizer.add_param_group(new SGD.ParamGroup(Head.parameters(), 0.1, momentum: 0.9));
            GeneratorOptimizer = optim.SGD(Generator.parameters(), 0.5, momentum: 0.9);
        }

        internal Setting Setting { get; } = new("cam");

        internal Sequential Head { get; }

        internal LabelGenerator Generator { get; }

        internal Maxl Maxl { get; }

        internal optim.Optimizer GeneratorOptimizer { get; }

        public void Dispose()
        {
            Maxl.Dispose();
            GeneratorOptimizer.Dispose();
            Setting.Dispose();
            Generator.Dispose();
            Head.Dispose();
        }
    }
}
