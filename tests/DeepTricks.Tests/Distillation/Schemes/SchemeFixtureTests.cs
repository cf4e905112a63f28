using DeepTricks.Checkpoints;
using DeepTricks.Data;
using DeepTricks.Distillation;
using DeepTricks.Testing;
using DeepTricks.Training;
using TorchSharp;
using static DeepTricks.Tests.Distillation.SchemeNetworks;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DeepTricks.Tests.Distillation;

/// <summary>Each scheme, from the same weights, after five steps against steps written by hand in PyTorch.</summary>
[Collection(ProcessWide.Name)]
public sealed class SchemeFixtureTests : IDisposable
{
    private static readonly GoldenFile Fixtures = GoldenFile.Read("distillation/schemes.json");
    private readonly string _folder = Directory.CreateTempSubdirectory("schemes-").FullName;
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void Offline_FiveSteps_EqualTheHandWrittenOnes()
    {
        var (student, teacher) = (Small(), Small(6));
        Train("kd", student, new FrozenTeacher(teacher), [TransferTerm.Of("kd", new KnowledgeDistillationLoss(), weight: 0.9)], mainWeight: 0.1);
    }

    [Fact]
    public void MutualLearning_AtOnce_EqualsTheHandWrittenSteps()
    {
        var peers = Peers();
        Train("dml", peers, new SelfTeacher(), MutualLearning.Terms(peers.Taps, new() { Weight = 0.8, Temperature = 2 }), mainWeight: 0);
    }

    [Fact]
    public void MutualLearning_OneAfterTheOther_EqualsTheHandWrittenSteps()
    {
        var peers = Peers();
        optim.Optimizer[] optimizers = [.. peers.Branches.Select(peer => Sgd(peer))];
        for (var step = 0; step < Steps; step++)
        {
            var (images, labels) = Batch(step);
            Assert.Equal(3, MutualLearning.Step(peers.Branches, optimizers, images, labels).Count);
        }
        AssertEqual("dml-sequential", "student", peers);
    }

    [Theory]
    [InlineData("naive")]
    [InlineData("linear")]
    [InlineData("minimum")]
    [InlineData("general")]
    public void CollaborativeLearning_EqualsTheHandWrittenSteps(string ensemble)
    {
        var peers = Peers();
        Func<IReadOnlyList<Tensor>, Lesson, Tensor> combine = ensemble switch
        {
            "naive" => TeacherCombination.BestPerSample,
            "linear" => CollaborativeLearning.Linear,
            "minimum" => TeacherCombination.MinimumLogit,
            _ => General,
        };
        // The solvers stop at different points of flat valleys.
        Train($"kdcl-{ensemble}", peers, new PeerTeacher(peers.Taps, combine), CollaborativeLearning.Terms(peers.Taps, new() { Weight = 0.7, Temperature = 2 }), mainWeight: 0,
            tolerance: ensemble is "linear" or "general" ? 1e-4 : 1e-8);

        Tensor General(IReadOnlyList<Tensor> outputs, Lesson lesson)
        {
            using var weights = new GeneralizationWeights();
            var (held, heldLabels) = Batch("held", 20);
            peers.eval();
            weights.Add([.. peers.Branches.Select(peer => peer.call(held))], heldLabels);
            peers.train();
            return TeacherCombination.Weighted(weights.Compute())(outputs, lesson);
        }
    }

    [Fact]
    public void NativeEnsemble_EqualsTheHandWrittenSteps()
    {
        var network = Gated();
        // The code of the authors adds 1e-7 to its targets.
        Train("one", network, new SelfTeacher(), NativeEnsemble.Terms(network.Taps, new() { Weight = RampUp.Of(2) }), tolerance: 1e-5);
    }

    [Fact]
    public void FeatureFusion_EqualsTheHandWrittenSteps() =>
        Train("ffl", Fused(), new SelfTeacher(), FeatureFusionNetwork.Terms(new() { Weight = RampUp.Of(2) }), tolerance: 1e-5);

    [Fact]
    public void Codistillation_TwoNetworksAndAFolder_EqualTheHandWrittenSteps()
    {
        SmallNetwork[] networks = [Small(), Small(scale: 0.9)];
        var distillers = networks.Select((network, i) => new Distiller(network,
            new CodistillationTeacher(network, _folder, $"process-{i}", () => Small(), new() { Interval = 2, BurnIn = 1 }),
            TransferTerm.Of("others", new KnowledgeDistillationLoss(new() { Temperature = 1 }), weight: 0.5))).ToArray();
        optim.Optimizer[] optimizers = [.. networks.Select(network => Sgd(network))];
        for (var step = 0; step < Steps; step++)
            for (var i = 0; i < 2; i++)
                Step(distillers[i], optimizers[i], step);
        AssertEqual("codistillation", "first", networks[0]);
        AssertEqual("codistillation", "second", networks[1]);
        foreach (var distiller in distillers) distiller.Dispose();
    }

    [Fact]
    public void BeYourOwnTeacher_EqualsTheHandWrittenSteps() =>
        Train("byot", Filled(new Exits()), new SelfTeacher(), BeYourOwnTeacher.Terms([("exit", "bottleneck")], "pool", new() { Alpha = 0.3, FeatureWeight = 0.01 }), mainWeight: 0.7);

    [Fact]
    public void SelfAttention_EqualsTheHandWrittenSteps() =>
        Train("sad", Small(), new SelfTeacher(), [TransferTerm.Of("attention", new SpatialAttentionLoss(), SpatialAttentionLoss.Successive("layer1", "layer2"), 20)]);

    [Fact]
    public void Snapshots_EqualTheHandWrittenSteps()
    {
        var student = Small();
        Train("snapshot", student, new SnapshotTeacher(student, Small(), "2st"),
            [TransferTerm.Of("snapshot", new OneSidedDistillationLoss(2), weight: SnapshotTeacher.Weight("2st", 0.6))]);
    }

    [Fact]
    public void TeacherFree_BothForms_EqualTheHandWrittenSteps()
    {
        Train("tfkd-self", Small(), new FrozenTeacher(Small(scale: 1.2)),
            [TransferTerm.Of("self", new KnowledgeDistillationLoss(KnowledgeDistillationLossOptions.TeacherFree), weight: 0.9 * 1.5)], mainWeight: 0.1);
        Train("tfkd-reg", Small(), new SelfTeacher(),
            [TransferTerm.Of("virtual", (student, _, lesson) => TeacherFreeLoss.Compute(student.Output, lesson.Labels!), weight: 0.9 * 1.5)], mainWeight: 0.1);
    }

    [Fact]
    public void ClassPairs_EqualTheHandWrittenSteps()
    {
        var student = Small();
        var (images, labels) = Batch("data", 12);
        using var data = new InMemoryDataset(images.clone(), labels.clone());
        Train("cskd", student, new ClassPairTeacher(student, data, seed: 11), [TransferTerm.Of("pairs", new KnowledgeDistillationLoss())],
            batch: step =>
            {
                long[] indices = [.. Enumerable.Range(0, 6).Select(i => (6L * step + i) % 12)];
                return (images.index_select(0, tensor(indices)), labels.index_select(0, tensor(indices)), indices);
            });
    }

    [Theory]
    [InlineData("labels-and-teacher", 1)]
    [InlineData("cwtm", 0)]
    [InlineData("dkpp", 0)]
    public void BornAgain_EqualsTheHandWrittenSteps(string kind, double mainWeight)
    {
        var term = kind switch
        {
            "cwtm" => TransferTerm.Of("confidence", new ConfidenceWeightedLoss()),
            "dkpp" => TransferTerm.Of("permuted", (student, teacher, lesson) => PermutedKnowledgeLoss.Compute(student.Output, teacher.Output,
                Golden.Tensor($"keys{lesson.Time.Step}", student.Output.shape, 0.5, 0.5, ScalarType.Float64))),
            _ => TransferTerm.Of("previous", new KnowledgeDistillationLoss(new() { Temperature = 1 })),
        };
        Train($"born-again-{kind}", Small(), new FrozenTeacher(Small(scale: 1.2)), [term], mainWeight);
    }

    [Fact]
    public void Route_EqualsTheHandWrittenSteps()
    {
        foreach (var scale in (double[])[1, 1.3])
        {
            using var anchor = Small(6, scale);
            SafeTensors.Save(Path.Combine(_folder, $"{scale}.safetensors"), anchor.state_dict());
        }
        var teacher = new AnchorTeacher(Small(6, 7), ("0st", Path.Combine(_folder, $"{1.0}.safetensors")), ("3st", Path.Combine(_folder, $"{1.3}.safetensors")));
        Train("rco", Small(), teacher, [TransferTerm.Of("anchor", new KnowledgeDistillationLoss(new() { Temperature = 5 }), weight: 0.5)], mainWeight: 0.5);
    }

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static void Train(string name, nn.Module<Tensor, Tensor> student, Teacher teacher, IReadOnlyList<TransferTerm> terms, double mainWeight = 1, double tolerance = 1e-8,
        Func<int, (Tensor, Tensor, long[])>? batch = null)
    {
        using var distiller = new Distiller(student, teacher, terms);
        using var optimizer = Sgd(student);
        for (var step = 0; step < Steps; step++) Step(distiller, optimizer, step, mainWeight, batch);
        AssertEqual(name, "student", student, tolerance);
    }

    private static void Step(Distiller distiller, optim.Optimizer optimizer, int step, double mainWeight = 1, Func<int, (Tensor, Tensor, long[])>? batch = null)
    {
        using var scope = NewDisposeScope();
        var (images, labels, indices) = batch?.Invoke(step) ?? (Batch(step).Images, Batch(step).Labels, []);
        optimizer.zero_grad();
        var result = distiller.Run(images, labels, indices, new(step, StepsPerEpoch, Steps));
        (F.cross_entropy(result.Output, labels) * mainWeight + result.Total()).backward();
        optimizer.step();
    }

    private static void AssertEqual(string name, string module, nn.Module actual, double tolerance = 1e-8)
    {
        var state = actual.state_dict();
        var expected = Fixtures[name][module].Parts;
        Assert.Equal(state.Count(pair => pair.Value.is_floating_point()), expected.Count);
        foreach (var part in expected)
            part.AsSample().AssertEqual(state[part.Name[$"{name}.{module}.".Length..]], tolerance, tolerance);
    }
}
