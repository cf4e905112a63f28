using DeepTricks.Data;
using DeepTricks.Distillation;
using DeepTricks.Tests.Data;
using DeepTricks.Training;
using TorchSharp;
using TorchSharp.Modules;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

/// <summary>
/// What incremental learning, derived students and super-nets do on real digits, over three seeds. The figures on their cards are the output of these tests:
/// <c>dotnet test --filter DerivedDigits --logger "console;verbosity=detailed"</c>. Alone, for weights come from the default generator.
/// </summary>
[Collection(ProcessWide.Name)]
public sealed class DerivedDigitsTests(ITestOutputHelper output) : IDisposable
{
    private const int Epochs = 4, Old = 5;
    private static readonly long[] Seeds = [1, 2, 3];
    private readonly Mnist _digits = Mnist.Load(new() { SearchFrom = Repository.Root, AllowDownload = false, AllowSynthetic = true });

    public void Dispose() => _digits.Dispose();

    [RealMnistFact]
    public void LearningWithoutForgetting_OfFiveDigitsMore_KeepsTheFirstFive()
    {
        using var first = Digits(_digits.Train, 0, Old);
        using var second = Digits(_digits.Train, Old, 10);
        using var firstTest = Digits(_digits.Test, 0, Old);
        using var secondTest = Digits(_digits.Test, Old, 10);
        double[] Run(long seed, bool withoutForgetting)
        {
            manual_seed(seed);
            using var before = Net(128, Old);
            Train(before, Objective.Classification(before), first, seed);
            using var student = nn.Sequential(("flatten", nn.Flatten()), ("fc1", nn.Linear(784, 128)), ("relu", nn.ReLU()), ("fc2", GrownClassifier.Of((Linear)before[3], 10 - Old)));
            LayerCopy.Copy(before, student, new Dictionary<string, string> { ["fc1"] = "fc1" });
            var objective = Objective.Supervised(student, (scores, labels) => nn.functional.cross_entropy(scores.narrow(1, Old, 10 - Old), labels - Old));
            using var distillation = new DistillationCallback(new Distiller(student, new FrozenTeacher(before), TransferTerm.Of("lwf", new LearningWithoutForgettingLoss(), weight: 4)));
            Train(student, objective, second, seed, withoutForgetting ? [distillation] : []);
            return [Error(student, firstTest), Error(student, secondTest), Error(student, _digits.Test)];
        }

        var plain = Seeds.Select(seed => Run(seed, false)).ToList();
        var kept = Seeds.Select(seed => Run(seed, true)).ToList();
        Row("fine-tuned on the new digits", plain);
        Row("learning without forgetting, weight 4", kept);

        Assert.All(plain.Zip(kept), pair => Assert.True(pair.Second[0] < pair.First[0]));
    }

    [RealMnistFact]
    public void StudentSlimming_StartsAheadOfRandomWeights()
    {
        double[] Run(long seed, bool copied, bool distilled)
        {
            manual_seed(seed);
            using var teacher = Net(256, 10);
            Train(teacher, Objective.Classification(teacher), _digits.Train, seed);
            using var student = Net(48, 10);
            if (copied)
            {
                StudentSlimming.Copy(teacher, student);
            }

            var start = Error(student, _digits.Test);
            using var distillation = new DistillationCallback(
                new Distiller(student, new FrozenTeacher(teacher), TransferTerm.Of("soft", new KnowledgeDistillationLoss(), weight: 0.9)), 0.1);
            Train(student, Objective.Classification(student), _digits.Train, seed, distilled ? [distillation] : [], 1);
            return [start, Error(student, _digits.Test), Error(teacher, _digits.Test)];
        }

        var random = Seeds.Select(seed => Run(seed, false, true)).ToList();
        var copied = Seeds.Select(seed => Run(seed, true, true)).ToList();
        Row("random weights, labels", [.. Seeds.Select(seed => Run(seed, false, false))]);
        Row("random weights, distilled", random);
        Row("teacher's channels, labels", [.. Seeds.Select(seed => Run(seed, true, false))]);
        Row("teacher's channels, distilled", copied);

        Assert.True(copied.Average(run => run[0]) < random.Average(run => run[0]));
        Assert.True(copied.Average(run => run[1]) < random.Average(run => run[1]));
    }

    [RealMnistFact]
    public void SuperNet_AtEachWidth_IsWorthRunning()
    {
        double[] Run(long seed, bool inPlace)
        {
            manual_seed(seed);
            using var generator = new Generator((ulong)seed);
            var hidden = new WidthChoice("hidden", 8, 32, 128);
            using var network = nn.Sequential(("flatten", nn.Flatten()), ("fc1", new SlimmableLinear(WidthChoice.Fixed("pixels", 784), hidden, generator)), ("relu", nn.ReLU()),
                ("fc2", new SlimmableLinear(hidden, WidthChoice.Fixed("classes", 10), generator)));
            Train(network, inPlace ? new SuperNetObjective(network, new() { RandomSubnets = 1 }) : Objective.Classification(network), _digits.Train, seed);
            return [.. Enumerable.Range(0, 3).Select(width =>
            {
                hidden.Index = width;
                return Error(network, _digits.Test);
            })];
        }

        var plain = Seeds.Select(seed => Run(seed, false)).ToList();
        var inPlace = Seeds.Select(seed => Run(seed, true)).ToList();
        Row("trained at 128 alone, cut to 8 and 32", plain);
        Row("super-net, in-place distillation", inPlace);
        Row("trained at each width alone", [.. Seeds.Select(seed => (double[])[.. ((int[])[8, 32, 128]).Select(width =>
        {
            manual_seed(seed);
            using var alone = Net(width, 10);
            Train(alone, Objective.Classification(alone), _digits.Train, seed);
            return Error(alone, _digits.Test);
        })])]);

        Assert.All(plain.Zip(inPlace), pair => Assert.True(pair.Second[0] < pair.First[0]));
    }

    private static Sequential Net(long hidden, long classes) =>
        nn.Sequential(("flatten", nn.Flatten()), ("fc1", nn.Linear(784, hidden)), ("relu", nn.ReLU()), ("fc2", nn.Linear(hidden, classes)));

    private static void Train(nn.Module network, Objective objective, InMemoryDataset data, long seed, IReadOnlyList<Callback>? callbacks = null, int epochs = Epochs)
    {
        network.train();
        using var optimizer = optim.SGD(network.parameters(), 0.05, momentum: 0.9);
        using var trainer = new Trainer(objective, optimizer, callbacks ?? []);
        trainer.Fit(new BatchLoader(data, new() { BatchSize = 64, Seed = seed }), $"{epochs}ep");
    }

    private static InMemoryDataset Digits(InMemoryDataset from, long first, long end)
    {
        using var scope = NewDisposeScope();
        var rows = from.Targets!.ge(first).logical_and(from.Targets!.lt(end)).nonzero().squeeze(1);
        return new(from.Inputs.index_select(0, rows), from.Targets!.index_select(0, rows));
    }

    private static double Error(nn.Module<Tensor, Tensor> network, InMemoryDataset data)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        network.eval();
        return 100 * network.call(data.Inputs).argmax(1).ne(data.Targets!).to(ScalarType.Float64).mean().item<double>();
    }

    private void Row(string name, List<double[]> runs)
    {
        var columns = Enumerable.Range(0, runs[0].Length).Select(column =>
        {
            var values = runs.ConvertAll(run => run[column]);
            var mean = values.Average();
            return FormattableString.Invariant($"{mean:F2} ± {Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1)):F2}");
        });
        output.WriteLine($"| {name} | {string.Join(" | ", columns)} |");
    }
}
