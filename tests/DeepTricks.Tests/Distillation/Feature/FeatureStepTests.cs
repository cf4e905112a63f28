using DeepTricks.Distillation;
using DeepTricks.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

/// <summary>Five steps with each loss of features, put together of the library's parts, against the same steps in PyTorch: tests/fixtures/distillation/make_feature_steps.py.</summary>
public sealed class FeatureStepTests : IDisposable
{
    private const int Steps = 5;
    private static readonly GoldenFile File = GoldenFile.Read("distillation/feature-steps.json");

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly SmallNetwork _student = InDouble(new SmallNetwork()), _teacher = InDouble(new SmallNetwork(6));

    public static TheoryData<string> Names => [.. File.Cases.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Steps_OfAMethod_GiveTheOriginalsWeights(string name)
    {
        var expected = File[name];
        var teacherBefore = SmallNetwork.Bits(_teacher);
        var learners = new List<nn.Module>();
        var terms = Terms(name, learners);
        using var distiller = new Distiller(_student, new FrozenTeacher(_teacher), terms);
        using var optimizer = optim.SGD([.. _student.parameters(), .. distiller.Learners.parameters()], 0.02, momentum: 0.9);
        // Single precision where the original has it: the margins of the overhaul.
        var tolerance = name == "overhaul" ? 1e-6 : 1e-8;

        for (var step = 0; step < Steps; step++)
        {
            var (images, labels) = (Images($"step{step}"), Golden.Integers($"step{step}.labels", 5, 6));
            optimizer.zero_grad();
            var result = distiller.Run(images, labels);
            var total = result.Total() + (nn.functional.cross_entropy(result.Output, labels) * (name == "boundary" ? 0 : 1));
            total.backward();
            optimizer.step();
            Assert.Equal(expected.Numbers("totals")[step], total.item<double>(), tolerance * 100);
        }

        AssertState(expected["student"], _student, tolerance);
        foreach (var (part, learner) in expected["learners"].Parts.Zip(learners)) AssertState(part, learner, tolerance);
        Assert.Equal(expected["learners"].Parts.Count, learners.Count);
        Assert.Equal(teacherBefore, SmallNetwork.Bits(_teacher));
        Assert.All(_teacher.parameters(), parameter => Assert.Null(parameter.grad));
    }

    public void Dispose()
    {
        _student.Dispose();
        _teacher.Dispose();
        _scope.Dispose();
    }

    private TransferTerm[] Terms(string name, List<nn.Module> learners)
    {
        return name switch
        {
            "hint" => [TransferTerm.Of(name, new HintLoss(), "layer1", "layer1", Learned(Connector.Between([1, 4, 4, 4], [1, 6, 4, 4], ConnectorOptions.FitNets)))],
            "attention" => [TransferTerm.Of(name, new AttentionTransferLoss(), ["layer1", "layer2"], 100)],
            "selectivity" => [TransferTerm.Of(name, new NeuronSelectivityLoss(), ["layer1"], 5)],
            "probabilistic" => [TransferTerm.Of(name, new ProbabilisticTransferLoss(), Tap.InputOf("fc"), Tap.InputOf("fc"), weight: 1000)],
            "variational" => [TransferTerm.Of(name, Learned(new VariationalInformationLoss(8, 12)), "layer2", "layer2")],
            "boundary" => [TransferTerm.Of(name, new ActivationBoundaryLoss(), [Projected(0), Projected(1)])],
            "overhaul" => [.. new[] { 0, 1 }.Select(i => TransferTerm.Of($"{name}-{i}", new OverhaulLoss(Norm(i)), [Projected(i)]))],
            _ => [Factor()],
        };

        TransferTerm Factor()
        {
            var paraphraser = InDouble(new Paraphraser(12));
            using var first = optim.SGD(paraphraser.parameters(), 0.1, momentum: 0.9);
            var objective = new ParaphraserObjective(paraphraser, new FrozenTeacher(_teacher), "layer2");
            for (var step = 0; step < Steps; step++)
            {
                first.zero_grad();
                var images = Images($"first{step}");
                var maps = _teacher.Evaluate(() => _teacher.layer2.call(_teacher.layer1.call(images)));
                Assert.True(objective.Forward(images).allclose(paraphraser.Reconstruct(maps)));
                paraphraser.ReconstructionLoss(maps).backward();
                first.step();
            }

            AssertState(File[name]["paraphraser"], paraphraser, 1e-9);
            return TransferTerm.Of(name, new FactorTransferLoss(), [new TapPair("layer2", "layer2") { Connector = Learned(new Translator(8, 12)), TeacherConnector = paraphraser }], 20);
        }

        TapPair Projected(int i)
        {
            var relu = Tap.InputOf($"layer{i + 1}.2");
            var connector = Connector.Between([1, 4 << i, 4 >> i, 4 >> i], [1, 6 << i, 4 >> i, 4 >> i]);
            return new(relu, relu) { Connector = Learned(connector), Weight = LayerWeights.HalvedTowardsInput(2)[i] };
        }

        BatchNorm2d Norm(int i) => (BatchNorm2d)_teacher.named_modules().Single(one => one.name == $"layer{i + 1}.1").module;

        T Learned<T>(T module)
            where T : nn.Module
        {
            learners.Add(InDouble(module));
            return module;
        }
    }

    private static Tensor Images(string name) => Golden.Tensor($"{name}.images", [6, 1, 8, 8], dtype: ScalarType.Float64);

    private static T InDouble<T>(T module)
        where T : nn.Module => Golden.Fill((T)module.to(ScalarType.Float64));

    private static void AssertState(GoldenCase expected, nn.Module module, double tolerance)
    {
        var state = module.state_dict();
        Assert.Equal(expected.Element.EnumerateObject().Select(one => one.Name).Order(), state.Keys.Where(key => !key.EndsWith("tracked", StringComparison.Ordinal)).Order());
        foreach (var entry in expected.Element.EnumerateObject())
        {
            expected.AssertEqual(entry.Name, state[entry.Name].detach(), tolerance, tolerance);
        }
    }
}
