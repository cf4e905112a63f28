using DeepTricks.Backbones;
using DeepTricks.Data;
using DeepTricks.Metrics;
using DeepTricks.Priors;
using DeepTricks.Training;
using TorchSharp;
using TorchSharp.Modules;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Priors;

/// <summary>
/// Shapes on coloured grounds that go with the shape in training and never in test, over three seeds. The figures on the card are the output:
/// <c>dotnet test --filter SwappedBackground --logger "console;verbosity=detailed"</c>. Alone, for weights come from the default generator.
/// </summary>
[Collection(ProcessWide.Name)]
public sealed class SwappedBackgroundTests(ITestOutputHelper output)
{
    private const int Size = 20, Side = 7, Train = 480, Test = 300, Classes = 3, Epochs = 12;

    [Fact]
    public void CamConstraint_OnSwappedBackgrounds_IsRightMoreOftenAndLooksAtTheObject()
    {
        var labels = Runs("labels alone", null);
        var plain = Runs("CAM constraint on the class's own map", new() { Weight = 3, Margin = 1, Relative = false });
        var relative = Runs("CAM constraint", new() { Weight = 3, Margin = 1 });

        Assert.All(labels.Zip(relative), pair => Assert.True(pair.Second.Accuracy > pair.First.Accuracy));
        Assert.All(relative, run => Assert.True(run.Relative < 0.02, $"{run.Relative}"));
        Assert.All(plain, run => Assert.True(!(run.Outside >= 0.02), $"{run.Outside}"));
    }

    private List<(double Accuracy, double Outside, double Relative)> Runs(string name, CamConstraintOptions? options)
    {
        var runs = ((long[])[1, 2, 3]).Select(seed => Run(seed, options)).ToList();
        output.WriteLine($"| {name} | {Text(run => run.Accuracy)} | {Text(run => run.Outside)} | {Text(run => run.Relative)} |");
        return runs;

        string Text(Func<(double Accuracy, double Outside, double Relative), double> of)
        {
            var values = runs.ConvertAll(run => 100 * of(run));
            var mean = values.Average();
            return FormattableString.Invariant($"{mean:F1} ± {Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1)):F1}");
        }
    }

    private static (double Accuracy, double Outside, double Relative) Run(long seed, CamConstraintOptions? options)
    {
        using var scope = NewDisposeScope();
        var (images, labels, masks) = Draw(seed, Train, swapped: false);
        using var data = new InMemoryDataset(images, labels);
        using var table = new SampleTable(masks);
        manual_seed(seed);
        using var model = nn.Sequential(
            ("conv1", nn.Conv2d(3, 16, 3, padding: 1)), ("relu1", nn.ReLU()), ("conv2", nn.Conv2d(16, 32, 3, stride: 2, padding: 1)), ("relu2", nn.ReLU()),
            ("conv3", nn.Conv2d(32, 32, 3, padding: 1)), ("body", nn.ReLU()), ("pool", nn.AdaptiveAvgPool2d(1)), ("flatten", nn.Flatten()), ("fc", nn.Linear(32, Classes)));
        using var optimizer = optim.Adam(model.parameters(), 3e-3);
        using (var constraint = new CamConstraint(model, "body", "fc", options))
        using (var trainer = new Trainer(Objective.Classification(model), optimizer, options is null ? [] : [new PriorCallback(constraint, table.Of)]))
        {
            trainer.Fit(new BatchLoader(data, new() { BatchSize = 32, Seed = seed }), $"{Epochs}ep");
        }

        var (testImages, testLabels, testMasks) = Draw(seed + 100, Test, swapped: true);
        using var ungraded = no_grad();
        using var extractor = new FeatureExtractor(model, "body");
        using var outside = new EvidenceOutside(margin: 1);
        using var accuracy = new Accuracy();
        model.eval();
        var found = extractor.Extract(testImages);
        accuracy.Update(found.Output, testLabels);
        var weight = model.Layer<Linear>("fc").weight;
        outside.Update(CamConstraint.Evidence(found["body"], weight, testLabels, new() { Relative = false }), testMasks);
        using var relative = new EvidenceOutside(margin: 1);
        relative.Update(CamConstraint.Evidence(found["body"], weight, testLabels), testMasks);
        return (accuracy.Compute(), outside.Compute(), relative.Compute());
    }

    /// <summary>A cross, a frame or a slash in grey on a noisy ground with a tint: that of the class in four of five samples, or never.</summary>
    private static (Tensor Images, Tensor Labels, Tensor Masks) Draw(long seed, int count, bool swapped)
    {
        var images = new float[count * 3 * Size * Size];
        var masks = new float[count * Size * Size];
        var labels = new long[count];
        for (var n = 0; n < count; n++)
        {
            var random = new SampleRandom(seed, 0, n);
            var label = random.NextInt32(Classes);
            var other = (label + 1 + random.NextInt32(Classes - 1)) % Classes;
            var tint = swapped || random.NextInt32(5) == 0 ? other : label;
            var (left, top) = (random.NextInt32(Size - Side + 1), random.NextInt32(Size - Side + 1));
            labels[n] = label;
            for (var y = 0; y < Size; y++)
            {
                for (var x = 0; x < Size; x++)
                {
                    var (u, v) = (x - left, y - top);
                    var inside = u is >= 0 and < Side && v is >= 0 and < Side;
                    var ink = inside && label switch
                    {
                        0 => u == Side / 2 || v == Side / 2,
                        1 => u is 0 or Side - 1 || v is 0 or Side - 1,
                        _ => Math.Abs(u - v) <= 1,
                    };
                    masks[(((n * Size) + y) * Size) + x] = inside ? 1 : 0;
                    for (var channel = 0; channel < 3; channel++)
                    {
                        var ground = (channel == tint ? 0.35f : 0) + (random.NextInt32(1000) / 2500f);
                        images[(((((n * 3) + channel) * Size) + y) * Size) + x] = ink ? 0.9f : ground;
                    }
                }
            }
        }

        return (tensor(images, [count, 3, Size, Size]), tensor(labels), tensor(masks, [count, Size, Size]));
    }
}
