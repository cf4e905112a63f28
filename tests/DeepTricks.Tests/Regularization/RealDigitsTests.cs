using DeepTricks.Data;
using DeepTricks.Losses;
using DeepTricks.Metrics;
using DeepTricks.Regularization;
using DeepTricks.Tests.Data;
using DeepTricks.Training;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Regularization;

/// <summary>
/// What the tricks do that are not in the demo, on real digits over three seeds. The figures on their cards are the output of these tests:
/// <c>dotnet test --filter RealDigits --logger "console;verbosity=detailed"</c>. Alone, for weights come from the default generator.
/// </summary>
[Collection(ProcessWide.Name)]
public sealed class RealDigitsTests(ITestOutputHelper output)
{
    private const int Epochs = 10;
    private static readonly long[] Seeds = [1, 2, 3];

    // By shape: round, with a straight stroke, with a bow.
    private static readonly ClassCosts Costs = ClassCosts.FromHierarchy([0, 1, 2, 2, 1, 2, 0, 1, 0, 1], within: 1, across: 5);

    [RealMnistFact]
    public void Tricks_OnRealDigits_DoWhatTheySay()
    {
        var baseline = Runs("baseline", () => null);
        var online = Runs("online label smoothing", () => new OnlineLabelSmoothingCallback(new() { Classes = 10 }));
        var hierarchical = Runs("hierarchical cost", () => new HierarchicalCostCallback(Costs, new() { Weight = 1 }));

        Assert.All(baseline.Zip(online), pair => Assert.True(pair.Second.Confidence < pair.First.Confidence));
        Assert.True(hierarchical.Average(run => run.Cost) < baseline.Average(run => run.Cost));
    }

    private List<Figures> Runs(string name, Func<Callback?> callback)
    {
        using var digits = Mnist.Load(new() { SearchFrom = Repository.Root, AllowDownload = false, AllowSynthetic = false });
        var runs = Seeds.Select(seed => Run(digits, seed, callback())).ToList();
        output.WriteLine($"| {name} | {Text(run => 100 * run.Error)} | {Text(run => 100 * run.Confidence)} | {Text(run => 100 * run.Calibration)} | {Text(run => run.Cost, 3)} | {Text(run => run.Cost / run.Error)} |");
        return runs;

        string Text(Func<Figures, double> figure, int digits = 2)
        {
            var values = runs.Select(figure).ToList();
            var mean = values.Average();
            var spread = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
            return FormattableString.Invariant($"{Math.Round(mean, digits)} ± {Math.Round(spread, digits)}");
        }
    }

    private static Figures Run(Mnist digits, long seed, Callback? callback)
    {
        manual_seed(seed);
        using var model = nn.Sequential(("flatten", nn.Flatten()), ("fc1", nn.Linear(784, 128)), ("relu", nn.ReLU()), ("fc2", nn.Linear(128, 10)));
        using var optimizer = optim.SGD(model.parameters(), 0.02, momentum: 0.9);
        using (var trainer = new Trainer(Objective.Classification(model), optimizer, callback is null ? [] : [callback]))
        {
            trainer.Fit(new BatchLoader(digits.Train, new() { BatchSize = 64, Seed = seed }), $"{Epochs}ep");
        }

        (callback as IDisposable)?.Dispose();
        using ErrorRate error = new();
        using MeanConfidence confidence = new();
        using ExpectedCalibrationError calibration = new();
        using MeanCost cost = new(Costs);
        model.eval();
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var scores = model.call(digits.Test.Inputs);
        foreach (var metric in (IMetric[])[error, confidence, calibration, cost])
        {
            metric.Update(scores, digits.Test.Targets!);
        }

        return new(error.Compute(), confidence.Compute(), calibration.Compute(), cost.Compute());
    }

    private sealed record Figures(double Error, double Confidence, double Calibration, double Cost);
}
