using DeepTricks.Data;
using DeepTricks.Distillation;
using DeepTricks.Testing;
using DeepTricks.Tests.Training;
using DeepTricks.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

/// <summary>A super-net against PyTorch by hand over five steps, its sub-nets against plain layers, and the search. Alone, for it counts the live tensors.</summary>
[Collection(ProcessWide.Name)]
public sealed class SuperNetTests
{
    private const int Rows = 6, Classes = 5;
    private static readonly InPlaceDistillationOptions Options = new() { Temperature = 2, SubnetWeight = 0.8, RandomSubnets = 2, Seed = 4 };
    private static readonly GoldenCase Expected = GoldenFile.Read("distillation/supernet.json")["steps"];

    [Fact]
    public void Backward_FiveSteps_EqualTheReference()
    {
        using var scope = NewDisposeScope();
        using var network = Network(ScalarType.Float64);
        var distillation = new InPlaceDistillation(new(network), Options);
        using var optimizer = optim.SGD(network.parameters(), 0.3, momentum: 0.9);
        for (var step = 0; step < Expected["losses"].Parts.Count; step++)
        {
            var (x, y) = Batch(step);
            var subnets = Expected["subnets"].Parts[step].Parts.Select(one => (IReadOnlyList<int>)[.. one.Element.EnumerateArray().Select(place => place.GetInt32())]).ToArray();
            optimizer.zero_grad();
            var terms = distillation.Backward(() => network.call(x), y, subnets);
            optimizer.step();

            var losses = Expected["losses"].Parts[step].Element.EnumerateArray().Select(one => one.GetDouble());
            Assert.All(losses.Zip(terms), pair => Assert.Equal(pair.First, pair.Second.Value.item<double>(), 1e-10));
        }

        var actual = network.state_dict();
        foreach (var one in Expected["weights"].Parts)
        {
            one.AsSample().AssertEqual(actual[one.Name["steps.weights.".Length..]], 1e-8, 1e-10);
        }
    }

    [Fact]
    public void Terms_InOneGraph_HaveTheGradientsOfOneAfterTheOther()
    {
        using var scope = NewDisposeScope();
        float[] Of(bool together)
        {
            using var network = Network();
            var distillation = new InPlaceDistillation(new(network), Options);
            var (x, y) = (Golden.Tensor("x", [Rows, 1, 8, 8]), Golden.Integers("y", Classes, Rows));
            if (together)
            {
                var largest = network.call(x);
                var terms = distillation.Terms(() => network.call(x), largest, distillation.Subnets(3));
                Assert.Equal(["smallest", "random-1", "random-2"], terms.Select(term => term.Name));
                terms.Aggregate(nn.functional.cross_entropy(largest, y), (sum, term) => sum + (term.Value * term.Weight)).backward();
            }
            else
            {
                distillation.Backward(() => network.call(x), y, 3);
            }

            return [.. network.parameters().SelectMany(one => one.grad is { } grad ? grad.contiguous().data<float>().ToArray() : [])];
        }

        var (one, other) = (Of(true), Of(false));
        Assert.Equal(one.Length, other.Length);
        Assert.All(one.Zip(other), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void Terms_GiveTheLargestNoGradientThroughItsAnswer()
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        var distillation = new InPlaceDistillation(new(network), Options);
        var x = Golden.Tensor("x", [Rows, 1, 8, 8]);
        var largest = network.call(x);

        distillation.Terms(() => network.call(x), largest, [distillation.Space.Smallest]).Single().Value.backward();

        // The channels and the normalisation that the smallest sub-net does not have.
        var gradients = network.named_parameters().ToDictionary(one => one.name, one => one.parameter.grad);
        Assert.Equal(0, gradients["conv1.weight"]!.narrow(0, 2, 2).abs().sum().item<float>());
        Assert.Null(gradients["bn1.bn.2.weight"]);
        Assert.True(gradients["conv1.weight"]!.narrow(0, 0, 2).abs().sum().item<float>() > 0);
    }

    [Fact]
    public void Extract_OfASubnet_SaysWhatTheSubnetSays()
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        var space = new WidthSpace(network);
        space.Set([1, 0]);
        var x = Golden.Tensor("x", [Rows, 1, 8, 8]);
        network.call(x);        // Moves the statistics of these widths.
        network.eval();

        using var plain = nn.Sequential(network.named_children().Select(one => (one.name, one.module is ISlimmable layer ? layer.Extract() : (nn.Module<Tensor, Tensor>)one.module)));
        plain.eval();

        Assert.True(plain.call(x).allclose(network.call(x), 1e-5, 1e-6));
        Assert.Equal([3, 1, 3, 3], plain.state_dict()["conv1.weight"].shape);
        Assert.Equal(space.ActiveParameters, plain.parameters().Sum(one => one.numel()));
    }

    [Fact]
    public void StateDict_HasTheNamesOfSlimmableNetworks()
    {
        using var network = Network();

        Assert.Equal(["bn1.bn.0", "bn1.bn.1", "bn1.bn.2", "bn2.bn.0", "bn2.bn.1", "conv1", "conv2", "fc"],
            network.named_parameters().Select(one => one.name[..one.name.LastIndexOf('.')]).Distinct().Order());
    }

    [Fact]
    public void Subnets_OfASeed_AreAFunctionOfTheStep()
    {
        using var network = Network();
        var (one, other) = (new InPlaceDistillation(new(network), Options), new InPlaceDistillation(new(network), Options));

        Assert.Equal(one.Subnets(7), other.Subnets(7));
        Assert.Equal([0, 0], one.Subnets(7)[0]);
        Assert.True(Enumerable.Range(0, 20).SelectMany(step => one.Subnets(step).Skip(1)).Select(subnet => string.Join(",", subnet)).Distinct().Count() == 6, "Not all were drawn.");
    }

    [Fact]
    public void Objective_InTheTrainer_TrainsAsTheLoopByHandAndResumes()
    {
        using var scope = NewDisposeScope();
        using var data = new InMemoryDataset(Golden.Tensor("data", [24, 1, 8, 8]), Golden.Integers("classes", Classes, 24));
        var loader = new BatchLoader(data, new() { BatchSize = 6, Seed = 2, PrefetchDepth = 0 });
        var folder = Directory.CreateTempSubdirectory("supernet-").FullName;
        var file = Path.Combine(folder, "at3.safetensors");
        byte[] Of(string? from, Callback? callback = null)
        {
            using var network = Network();
            using var optimizer = optim.SGD(network.parameters(), 0.1, momentum: 0.9);
            using var trainer = new Trainer(new SuperNetObjective(network, Options), optimizer, callback is null ? [] : [callback]);
            trainer.Fit(loader, "6st", new() { ResumeFrom = from, Validation = loader });
            return SmallNetwork.Bits(network);
        }

        var straight = Of(null);
        Of(null, new OnEvents
        {
            OnCheckpoint = trainer =>
            {
                if (trainer.Step == 3)
                {
                    trainer.Save(file);
                    trainer.Stop();
                }
            },
        });
        var resumed = Of(file);
        Directory.Delete(folder, recursive: true);

        using var byHand = Network();
        using var sgd = optim.SGD(byHand.parameters(), 0.1, momentum: 0.9);
        var distillation = new InPlaceDistillation(new(byHand), Options);
        for (var (epoch, step) = (0, 0L); step < 6; epoch++)
        {
            foreach (var batch in loader.Epoch(epoch).TakeWhile(_ => step < 6))
            {
                using var taken = batch;
                using var inner = NewDisposeScope();
                // As the trainer does: where a width did not run there is no gradient, and momentum does not move it.
                foreach (var parameter in byHand.parameters())
                {
                    parameter.grad = null;
                }

                var largest = byHand.call(batch.Input);
                var terms = distillation.Terms(() => byHand.call(batch.Input), largest, distillation.Subnets(step++));
                terms.Aggregate(nn.functional.cross_entropy(largest, batch.Target!), (sum, term) => sum + (term.Value * term.Weight)).backward();
                sgd.step();
            }
        }

        Assert.Equal(straight, resumed);
        Assert.Equal(straight, SmallNetwork.Bits(byHand));
    }

    [Fact]
    public void Greedy_WithABudget_NarrowsWhereItHurtsLeast()
    {
        using var network = Network();
        var space = new WidthSpace(network);
        // The first choice matters ten times as much as the second.
        double Error() => (10 * (2 - space.Current[0])) + (1 - space.Current[1]);
        double Cost() => space.Choices.Sum(choice => choice.Channels);

        var path = WidthSearch.Greedy(space, Error, Cost, budget: 6);

        Assert.Equal([10, 7, 6], path.Select(one => one.Cost));
        Assert.Equal([1, 0], path[^1].Subnet);
        Assert.Equal([1, 0], space.Current);
        Assert.Throws<ArgumentException>(() => WidthSearch.Greedy(space, Error, Cost, budget: 4));
    }

    [Fact]
    public void Backward_OverManySteps_KeepsTheNumberOfTensors()
    {
        using var network = Network();
        var distillation = new InPlaceDistillation(new(network), Options);
        void Step()
        {
            using var scope = NewDisposeScope();
            var x = Golden.Tensor("x", [Rows, 1, 8, 8]);
            distillation.Backward(() => network.call(x), Golden.Integers("y", Classes, Rows), 3);
        }

        ProcessWide.AssertFlat(Step);
    }

    [Fact]
    public void BadInput_IsNamed()
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        var space = new WidthSpace(network);
        Assert.Throws<ArgumentException>(() => new WidthChoice("falling", 4, 2));
        Assert.Throws<ArgumentException>(() => new WidthChoice("none"));
        Assert.Throws<ArgumentException>(() => new WidthSpace(nn.Linear(2, 2)));
        Assert.Throws<ArgumentException>(() => space.Set([0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => space.Set([0, 2]));
        Assert.Contains("images", Assert.Throws<ArgumentException>(() => network.call(ones(2, 3, 8, 8))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new InPlaceDistillationOptions { RandomSubnets = -1 });
        Assert.Equal([4, 8, 12, 16], WidthChoice.Parts("quarters", 16).Options);
    }

    private static Sequential Network(ScalarType dtype = ScalarType.Float32)
    {
        var (images, first, second, classes) = (WidthChoice.Fixed("images", 1), new WidthChoice("first", 2, 3, 4), new WidthChoice("second", 3, 6), WidthChoice.Fixed("classes", Classes));
        return Golden.Fill(nn.Sequential(
            ("conv1", new SlimmableConv2d(images, first, stride: 2)), ("bn1", new SlimmableBatchNorm2d(first)), ("relu1", nn.ReLU()),
            ("conv2", new SlimmableConv2d(first, second)), ("bn2", new SlimmableBatchNorm2d(second)), ("relu2", nn.ReLU()),
            ("pool", nn.AdaptiveAvgPool2d(1)), ("flatten", nn.Flatten()), ("fc", new SlimmableLinear(second, classes))).to(dtype));
    }

    private static (Tensor Images, Tensor Labels) Batch(int step) =>
        (Golden.Tensor($"x{step}", [Rows, 1, 8, 8], dtype: ScalarType.Float64), Golden.Integers($"y{step}", Classes, Rows));
}
