using DeepTricks.Data;
using DeepTricks.Distillation;
using DeepTricks.Testing;
using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;
using Sequential = TorchSharp.Modules.Sequential;

namespace DeepTricks.Tests.Distillation;

/// <summary>Chains, residuals and discriminators take five steps as PyTorch does from the same weights; what teaches stays as it was.</summary>
[Collection(ProcessWide.Name)]
public sealed class TeacherSchemeTests : IDisposable
{
    private const int Steps = 5, Rows = 8, Features = 6, Classes = 4;
    private static readonly GoldenFile File = GoldenFile.Read("distillation/teachers.json");
    private readonly string _folder = Directory.CreateTempSubdirectory("chain-").FullName;
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Sequential _teacher = Network("teacher", 9), _assistant = Network("assistant", 5), _student = Network("student", 3);

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Chain_StagesOfFiveSteps_AreThoseOfPyTorch()
    {
        var before = Bits(_teacher);

        Assert.True(Chain(_assistant, _student, _folder).Run());

        AssertWeights(File["chain"]["assistant"], _assistant);
        AssertWeights(File["chain"]["student"], _student);
        Assert.Equal(before, Bits(_teacher));
        Assert.All(_teacher.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    public void Chain_StoppedAndResumed_IsTheSameToTheBit(int stopAt)
    {
        Assert.True(Chain(_assistant, _student, Path.Combine(_folder, "straight")).Run());
        using (var stop = new CancellationTokenSource())
        {
            Assert.False(Chain(Network("assistant", 5), Network("student", 3), Path.Combine(_folder, "stopped"), new StopAfter(stopAt, stop)).Run(stop.Token));
        }

        var (assistant, student) = (Network("other", 5), Network("others", 3));
        Assert.True(Chain(assistant, student, Path.Combine(_folder, "stopped")).Run());

        Assert.Equal(Bits(_student), Bits(student));
        Assert.Equal(Bits(_assistant), Bits(assistant));
    }

    [Fact]
    public void Residual_AssistantOfFiveSteps_IsThatOfPyTorchAndAddsUp()
    {
        var (one, before) = (File["residual"], Bits(_teacher));
        var kept = Bits(_student);
        using var distiller = new Distiller(_assistant, new ResidualTeacher(new FrozenTeacher(_teacher), new FrozenTeacher(_student)),
            TransferTerm.Of("residual", new LogitMatchingLoss()));
        using var optimizer = Sgd(_assistant);
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            distiller.Run(Batch(step).Input).Total().backward();
            optimizer.step();
        }

        AssertWeights(one["assistant"], _assistant);
        Assert.Equal(before, Bits(_teacher));
        Assert.Equal(kept, Bits(_student));
        using var sum = new NetworkSum(("student", _student), ("assistant", _assistant));
        one.AssertEqual("sum", sum.call(Batch(0).Input));
        Assert.Contains("assistant.0.weight", sum.state_dict().Keys);
    }

    [Fact]
    public void Residual_AtAPlaceWithin_IsTheDifferenceThere()
    {
        var wide = Network("teacher", 3);
        using var residual = new ResidualTeacher(new FrozenTeacher(wide), new FrozenTeacher(_student), new FrozenTeacher(Network("assistant", 3)));
        residual.Prepare([Tap.Of("0")]);
        var input = Batch(4).Input;

        var left = residual.Teach(new Lesson(input, null, default, default, new Trace(input)));

        var expected = wide.call(input) - _student.call(input) - Network("assistant", 3).call(input);
        Assert.True(left.Output.allclose(expected));
        Tensor First(string name) => ((nn.Module<Tensor, Tensor>)Network(name, 3).named_children().First().module).call(input);
        Assert.True(left["0"].allclose(First("teacher") - First("student") - First("assistant")));

        using var wrong = new ResidualTeacher(new FrozenTeacher(_teacher), new FrozenTeacher(_student));
        wrong.Prepare([Tap.Of("0")]);
        Assert.Contains("output of '0'", Assert.Throws<InvalidOperationException>(() => wrong.Teach(new Lesson(input, null, default, default, new Trace(input)))).Message);
    }

    [Theory]
    [InlineData(AdversarialForm.NonSaturating)]
    [InlineData(AdversarialForm.Minimax)]
    [InlineData(AdversarialForm.LeastSquares)]
    public void Adversarial_FiveSteps_AreThoseOfTwoOptimisersInPyTorch(AdversarialForm form)
    {
        var one = File[$"adversarial.{form}"];
        var discriminator = Filled(nn.Sequential(nn.Linear(Classes, 7), nn.LeakyReLU(0.2), nn.Linear(7, 1)), "discriminator", 1);
        using var distiller = new Distiller(_student, new FrozenTeacher(_teacher), [.. new AdversarialDistillation(discriminator, form).Terms(weight: 0.5)]);
        using var optimizer = optim.SGD([.. _student.parameters(), .. distiller.Learners.parameters()], 0.1, momentum: 0.9);
        var values = new List<double>();
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            var (input, labels) = Batch(step);
            optimizer.zero_grad();
            var lesson = distiller.Run(input, labels);
            (nn.functional.cross_entropy(lesson.Output, labels) + lesson.Total()).backward();
            optimizer.step();
            values.AddRange(lesson.Terms.Select(term => term.Value.item<double>()));
        }

        AssertWeights(one["student"], _student);
        AssertWeights(one["discriminator"], discriminator);
        Assert.All(one.Numbers("values").Zip(values), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
    }

    [Fact]
    public void Adversarial_EachTerm_ReachesItsOwnSideAlone()
    {
        var discriminator = Filled(nn.Sequential(nn.Linear(Classes, 7), nn.LeakyReLU(0.2), nn.Linear(7, 1)), "discriminator", 1);
        var game = new AdversarialDistillation(discriminator);
        var student = _student.call(Batch(0).Input);

        game.Deceive(student).backward(retain_graph: true);
        Assert.All(_student.parameters(), parameter => Assert.NotNull(parameter.grad));
        Assert.All(discriminator.parameters(), parameter => Assert.Null(parameter.grad));

        _student.zero_grad();
        foreach (var parameter in _student.parameters()) parameter.grad = null;
        game.Discriminate(student, _teacher.call(Batch(0).Input)).backward();
        Assert.All(_student.parameters(), parameter => Assert.Null(parameter.grad));
        Assert.All(_teacher.parameters(), parameter => Assert.Null(parameter.grad));
        Assert.All(discriminator.parameters(), parameter => Assert.NotNull(parameter.grad));
    }

    [Fact]
    public void Boundary_TenSteps_AreThoseOfTheZoo()
    {
        var one = File["boundary"];
        var pictures = Golden.Tensor("boundary.pictures", [12, 1, 2, 3], 1.5, dtype: ScalarType.Float64);
        using var model = nn.Sequential(nn.Flatten(), _student);

        var moved = BoundarySupportingAttack.Attack(model, pictures, tensor(one.Integers("labels")), tensor(one.Integers("attack")));

        // The Zoo has the size of a step in single precision.
        one.AssertEqual("out", moved, 1e-6, 1e-7);
        Assert.All(_student.parameters(), parameter => Assert.Null(parameter.grad));
        Assert.True(moved[3].eq(pictures[3]).all().item<bool>());
        Assert.Equal("others", Assert.Throws<ArgumentException>(() => BoundarySupportingAttack.Attack(model, pictures, tensor(one.Integers("labels")), zeros(12))).ParamName);
    }

    [Fact]
    public void Schemes_OverManySteps_KeepTheNumberOfTensors()
    {
        var discriminator = Filled(nn.Sequential(nn.Linear(Classes, 7), nn.LeakyReLU(0.2), nn.Linear(7, 1)), "discriminator", 1);
        using var distiller = new Distiller(_student, new ResidualTeacher(new FrozenTeacher(_teacher), new FrozenTeacher(_assistant)),
            [.. new AdversarialDistillation(discriminator).Terms(), TransferTerm.Of("residual", new LogitMatchingLoss())]);
        using var sum = new NetworkSum(("a", _student), ("b", _assistant));
        var (input, labels) = Batch(0);
        var others = (labels + 1) % Classes;
        void Step()
        {
            using var scope = NewDisposeScope();
            _student.zero_grad();
            discriminator.zero_grad();
            distiller.Run(input).Total().backward();
            sum.call(input);
            BoundarySupportingAttack.Attack(_student, input, labels, others);
        }

        ProcessWide.AssertFlat(Step);
    }

    private Recipe Chain(Sequential assistant, Sequential student, string folder, Callback? callback = null)
    {
        var batches = Enumerable.Range(0, Steps).Select(Batch).ToArray();
        var data = new InMemoryDataset(cat([.. batches.Select(batch => batch.Input)]), cat([.. batches.Select(batch => batch.Labels)]));
        var stages = AssistantChain.Stages(_teacher, [("assistant", assistant), ("student", student)], new BatchLoader(data, new() { BatchSize = Rows, Shuffle = false }), "5st", new()
        {
            Optimizer = Sgd,
            Loss = KnowledgeDistillationLossOptions.TeacherAssistant with { Temperature = 3 },
            Weight = 0.7,
            Callbacks = callback is null ? null : _ => [callback],
        });
        return new(folder, new Dictionary<string, nn.Module> { ["assistant"] = assistant, ["student"] = student }, stages);
    }

    private static (Tensor Input, Tensor Labels) Batch(int step) =>
        (Golden.Tensor($"teachers.{step}.input", [Rows, Features], dtype: ScalarType.Float64), Golden.Integers($"teachers.{step}.labels", Classes, Rows));

    private static Sequential Network(string name, long hidden) => Filled(nn.Sequential(nn.Linear(Features, hidden), nn.Tanh(), nn.Linear(hidden, Classes)), name, 0.8);

    private static Sequential Filled(Sequential network, string name, double scale)
    {
        network.to(ScalarType.Float64);
        using var ungraded = no_grad();
        foreach (var (key, value) in network.state_dict())
        {
            using var numbers = Golden.Tensor($"{name}.{key}", value.shape, scale, dtype: ScalarType.Float64);
            value.copy_(numbers);
        }

        return network;
    }

    private static optim.Optimizer Sgd(nn.Module network) => optim.SGD(network.parameters(), 0.1, momentum: 0.9);

    private static byte[] Bits(nn.Module network) => [.. network.state_dict().Values.SelectMany(tensor => tensor.detach().contiguous().bytes.ToArray())];

    private static void AssertWeights(GoldenCase expected, nn.Module network)
    {
        foreach (var (name, value) in network.state_dict())
        {
            expected.AssertEqual(name, value.detach());
        }
    }

    private sealed class StopAfter(int steps, CancellationTokenSource stop) : Callback
    {
        private int _steps;

        public override void BatchEnd(StepContext step)
        {
            if (++_steps == steps) stop.Cancel();
        }
    }
}
