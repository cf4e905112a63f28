using DeepTricks.Data;
using DeepTricks.Interpretability;
using DeepTricks.Metrics;
using DeepTricks.Testing;
using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Interpretability;

/// <summary>The schedule against the authors' loop, and a small training to the end. Alone, for it sets libtorch's seed.</summary>
[Collection(ProcessWide.Name)]
public sealed class ProtoPNetTrainingTests
{
    [Fact]
    public void Steps_OfTheAuthorsSettings_AreTheirLoop()
    {
        // Their loop, epoch for epoch.
        var expected = new List<string>();
        for (var epoch = 0; epoch < 32; epoch++)
        {
            expected.Add(epoch < 5 ? "Warm" : "Joint");
            if (epoch < 10 || epoch % 10 != 0) continue;
            expected.Add("push");
            expected.AddRange(Enumerable.Repeat("LastLayer", 20));
        }

        var steps = new PrototypeSchedule().Steps(32);

        Assert.Equal(expected, steps.SelectMany(step => step.IsProjection ? ["push"] : Enumerable.Repeat($"{step.Phase}", step.Epochs)));
        Assert.Equal([0, 5, 10, 10, 11, 20, 20, 21, 30, 30, 31], steps.Select(step => step.Epoch));
        Assert.DoesNotContain(new PrototypeSchedule { LastLayerEpochs = 0 }.Steps(32), step => step.Phase is PrototypePhase.LastLayer);
        // torch.optim.lr_scheduler.StepLR(optimizer, 5, 0.1), stepped before each epoch.
        Assert.Equal([1, 1, 1, 1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.01], Enumerable.Range(0, 10).Select(epoch => Math.Round(new PrototypeSchedule().JointFactor(epoch), 6)));
    }

    [Theory]
    [InlineData(PrototypePhase.Warm, "0.003 0.001 4, 0.003 0 1")]
    [InlineData(PrototypePhase.Joint, "0.0001 0.001 4, 0.003 0.001 4, 0.003 0 1")]
    [InlineData(PrototypePhase.LastLayer, "0.0001 0 1")]
    public void Optimizer_OfAPhase_HasTheAuthorsGroups(PrototypePhase phase, string expected)
    {
        using var model = ColoredSquares.Network();
        using var optimizer = new PrototypeSchedule().Optimizer(model, phase);

        Assert.Equal(expected, string.Join(", ", optimizer.ParamGroups.Cast<TorchSharp.Modules.Adam.ParamGroup>()
            .Select(group => FormattableString.Invariant($"{group.Options.LearningRate} {group.Options.weight_decay} {group.Parameters.Count()}"))));
    }

    [Theory]
    [InlineData(PrototypePhase.Warm, "add_on_layers prototype_vectors")]
    [InlineData(PrototypePhase.Joint, "add_on_layers features prototype_vectors")]
    [InlineData(PrototypePhase.LastLayer, "last_layer")]
    public void Train_APhase_ChangesItsPartsAlone(PrototypePhase phase, string expected)
    {
        using var scope = NewDisposeScope();
        using var model = ColoredSquares.Network();
        using var data = ColoredSquares.Images(9);
        var before = model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        using var training = new ProtoPNetTraining(model);
        var history = training.Train(phase, new BatchLoader(data, new() { BatchSize = 5 }), 1);

        Assert.Equal(expected, string.Join(" ", model.state_dict().Where(entry => !entry.Value.equal(before[entry.Key]).all().item<bool>()).Select(entry => entry.Key.Split('.')[0]).Distinct().Order()));
        Assert.Superset(new HashSet<string> { "loss", "loss/cross-entropy", "loss/cluster", "loss/separation", "loss/sparsity" }, history[0].Metrics.Keys.ToHashSet());
    }

    [Fact]
    public void Terms_OfMicroBatches_GiveTheGradientOfTheWholeBatch()
    {
        using var scope = NewDisposeScope();
        using var data = ColoredSquares.Images(12);
        var whole = After(null);
        var split = After(4);

        Assert.True(whole.allclose(split, 1e-4, 1e-5));

        Tensor After(int? size)
        {
            var model = ColoredSquares.Network();
            using var optimizer = optim.SGD(model.parameters(), 0.1);
            using var trainer = new Trainer(new ProtoPNetObjective(model), optimizer, options: new() { MicroBatchSize = size });
            trainer.Fit(new BatchLoader(data, new() { BatchSize = 12, Shuffle = false }), "2st");
            return cat([.. model.parameters().Select(parameter => parameter.detach().flatten())]);
        }
    }

    [Fact]
    public void Objective_WithoutClasses_HasNoSeparation()
    {
        using var model = ColoredSquares.Network();
        using var data = ColoredSquares.Images(6);
        using var training = new ProtoPNetTraining(model, new() { Weights = new() { ClassSpecific = false, Sparsity = 0 } });
        var metrics = training.Train(PrototypePhase.Joint, new BatchLoader(data), 1)[0].Metrics;

        Assert.Contains("loss/cluster", metrics.Keys);
        Assert.DoesNotContain("loss/separation", metrics.Keys);
        Assert.DoesNotContain("loss/sparsity", metrics.Keys);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PrototypeCostWeights { Cluster = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PrototypeSchedule { Decay = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PrototypeSchedule().Steps(0));
    }

    [Fact]
    public void Run_TheWholeSchedule_LearnsAndProjects()
    {
        using var scope = NewDisposeScope();
        using var model = ColoredSquares.Network();
        using var data = ColoredSquares.Colors(36);
        var train = new BatchLoader(data, new() { BatchSize = 6, Seed = 3 });
        var plain = new BatchLoader(data, new() { BatchSize = 16, Shuffle = false });
        var schedule = new PrototypeSchedule { WarmEpochs = 2, ProjectionStart = 6, ProjectionInterval = 6, LastLayerEpochs = 3, FeatureRate = 3e-3, AddOnRate = 1e-2, PrototypeRate = 1e-2 };
        using var accuracy = new Accuracy();
        using var training = new ProtoPNetTraining(model, new() { Schedule = schedule, Fit = new() { Validation = plain, Metrics = [accuracy] } });

        var sources = training.Run(train, plain, epochs: 7);

        Assert.Equal(10, training.Epochs);
        Assert.True(training.Train(PrototypePhase.LastLayer, train, 1)[^1].Metrics["validation/accuracy"] > 0.95);
        model.eval();
        Assert.All(sources, source =>
        {
            Assert.Equal(source.Class, source.ImageClass);
            Assert.Equal(source.Class, source.Image % ColoredSquares.Classes);
            Assert.Equal(0, model.DistanceMaps(data.Inputs[source.Image].unsqueeze(0))[0, source.Prototype, source.Row, source.Column].item<float>(), 1e-3);
        });

        // Pruning makes new parameters, which the training then goes on with.
        model.Prune([0]);
        var weight = model.LastLayer.detach().clone();
        training.Train(PrototypePhase.LastLayer, train, 1);
        Assert.False(weight.equal(model.LastLayer).all().item<bool>());
    }
}
