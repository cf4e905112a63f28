using DeepTricks.Priors;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Priors;

/// <summary>Steps of MAXL against its authors' code, and what a meta step leaves as it was. Alone, for it counts tensors and sets the default generator.</summary>
[Collection(ProcessWide.Name)]
public sealed class MaxlTests
{
    private const double Rate = 0.1;
    private static readonly GoldenFile File = GoldenFile.Read("priors/priors.json");
    private static readonly int[] Psi = [2, 3];

    /// <summary>The repository's first order loses the term against collapse, whose weight is 0 here for that reason; its second order has it.</summary>
    [Theory]
    [InlineData(MetaOrder.Second, 0.2)]
    [InlineData(MetaOrder.First, 0)]
    public void Steps_InTurn_EqualTheAuthorsCode(MetaOrder order, double collapse)
    {
        using var scope = NewDisposeScope();
        using var parts = new Parts(new() { Order = order, CollapseWeight = collapse });
        using var optimizer = optim.SGD(parts.Network.parameters(), Rate);
        using var generatorOptimizer = optim.SGD(parts.Generator.parameters(), Rate, weight_decay: 5e-4);
        var expected = File[$"maxl.{order}"];
        for (var step = 0; step < 4; step++)
        {
            var (x, y) = Batch(step);
            optimizer.zero_grad();
            var primary = parts.Maxl.PrimaryLoss(parts.Network.call(x), y);
            var auxiliary = parts.Maxl.AuxiliaryLoss(x, y);
            (primary + auxiliary).backward();
            optimizer.step();
            var losses = expected["losses"].Parts[step].Element;
            Assert.Equal(losses[0].GetDouble(), primary.item<double>(), 1e-9);
            Assert.Equal(losses[1].GetDouble(), auxiliary.item<double>(), 1e-9);

            generatorOptimizer.zero_grad();
            var after = parts.Maxl.MetaGradient(x, y, Rate);
            if (expected.Has("after"))
            {
                Assert.Equal(expected.Numbers("after")[step], after.item<double>(), 1e-9);
            }

            if (step == 0)
            {
                var gradients = parts.Scores.named_parameters().ToDictionary(one => one.name, one => one.parameter.grad);
                AssertAll(expected["slope"], name => gradients[name]!);
            }

            generatorOptimizer.step();
        }

        var network = parts.Network.state_dict();
        AssertAll(expected["network"], name => network[name]);
        var generator = parts.Scores.state_dict();
        AssertAll(expected["generator"], name => generator[name]);
    }

    [Fact]
    public void MetaGradient_OfFirstOrder_IsThatOfSecondOrderNearlyAndHasTheTermAgainstCollapse()
    {
        using var scope = NewDisposeScope();
        Tensor Of(MetaOrder order, double collapse) => Gradients(new() { Order = order, Difference = 1e-6, CollapseWeight = collapse });
        var (exact, difference) = (Of(MetaOrder.Second, 0), Of(MetaOrder.First, 0));
        var (exactTerm, term) = (Of(MetaOrder.Second, 0.2) - exact, Of(MetaOrder.First, 0.2) - difference);

        Assert.True((exact - difference).norm().item<double>() < 1e-4 * exact.norm().item<double>());
        Assert.True(exactTerm.norm().item<double>() > 1e-6);
        Assert.True((exactTerm - term).norm().item<double>() < 1e-9 * exactTerm.norm().item<double>());
    }

    /// <summary>The definition itself: the primary loss behind the virtual step, as a function of the generator's weights.</summary>
    [Fact]
    public void MetaGradient_EqualsTheDifferenceOfTheLossBehindTheVirtualStep()
    {
        using var scope = NewDisposeScope();
        var gradient = Gradients(new() { CollapseWeight = 0, WeightDecay = 0.1, AuxiliaryWeight = 0.7 });
        double Loss(double shift)
        {
            using var parts = new Parts(new() { CollapseWeight = 0, WeightDecay = 0.1, AuxiliaryWeight = 0.7 });
            using (no_grad())
            {
                parts.Scores.named_parameters().First(one => one.name == "classifier.2.weight").parameter[3, 1] += shift;
            }

            return parts.Maxl.MetaGradient(Batch(0).Input, Batch(0).Labels, Rate).item<double>();
        }

        using var shape = new Parts(new());
        var offset = shape.Scores.named_parameters().TakeWhile(one => one.name != "classifier.2.weight").Sum(one => one.parameter.numel()) + (3 * 8) + 1;
        var slope = (Loss(1e-6) - Loss(-1e-6)) / 2e-6;
        Assert.Equal(slope, gradient[offset].item<double>(), Math.Abs(slope) * 1e-3);
    }

    [Theory]
    [InlineData(MetaOrder.Second)]
    [InlineData(MetaOrder.First)]
    public void MetaGradient_LeavesWeightsBuffersAndGradientsOfTheNetworkToTheBit(MetaOrder order)
    {
        using var scope = NewDisposeScope();
        using var parts = new Parts(new() { Order = order });
        var (x, y) = Batch(0);
        parts.Maxl.PrimaryLoss(parts.Network.call(x), y).backward();
        var gradients = parts.Network.parameters().Select(one => one.grad?.clone()).ToArray();
        var before = parts.Network.state_dict().ToDictionary(one => one.Key, one => one.Value.clone());

        parts.Maxl.MetaGradient(x, y, Rate);

        foreach (var (name, tensor) in parts.Network.state_dict())
        {
            Assert.True(before[name].bytes.SequenceEqual(tensor.bytes), name);
        }

        foreach (var (was, now) in gradients.Zip(parts.Network.parameters().Select(one => one.grad)))
        {
            Assert.True(was is null ? now is null : was.bytes.SequenceEqual(now!.bytes));
        }

        Assert.All(parts.Generator.parameters(), one => Assert.NotNull(one.grad));
    }

    [Fact]
    public void MetaGradient_OfANetworkWithDropout_DrawsTheSameUnitsInEachPass()
    {
        using var scope = NewDisposeScope();
        Tensor Of(MetaOrder order)
        {
            using var network = Golden.Fill(nn.Sequential(("body", nn.Linear(6, 40)), ("tanh", nn.Tanh()), ("drop", nn.Dropout(0.5)), ("fc", nn.Linear(40, 2)))).to(ScalarType.Float64);
            using var head = Golden.Fill(nn.Sequential(("drop", nn.Dropout(0.5)), ("aux", nn.Linear(40, 5)))).to(ScalarType.Float64);
            using var generator = Golden.Fill(new LabelGenerator(nn.Linear(6, 5), Psi)).to(ScalarType.Float64);
            using var maxl = new Maxl(network, "tanh", head, generator, new() { Order = order, Difference = 1e-6 });
            manual_seed(5);
            maxl.MetaGradient(Golden.Tensor("x", [8, 6], dtype: ScalarType.Float64), Golden.Integers("y", 2, 8), 0.5);
            return generator.parameters().First().grad!.clone();
        }

        var (exact, difference) = (Of(MetaOrder.Second), Of(MetaOrder.First));
        Assert.True((exact - difference).norm().item<double>() < 1e-3 * exact.norm().item<double>());
    }

    [Fact]
    public void Generator_HoldsItsNetworkOnce()
    {
        using var generator = new LabelGenerator(nn.Linear(3, 5), Psi);

        Assert.Equal(["network.weight", "network.bias"], generator.state_dict().Keys);
    }

    [Fact]
    public void MaskedSoftmax_EqualsTheAuthorsWithGradientsAndStandsLargeScores()
    {
        using var scope = NewDisposeScope();
        var scores = Golden.Tensor("softmax.scores", [4, 5], scale: 4).requires_grad_();
        var labels = tensor(File["maxl.softmax"].Integers("labels"));

        var soft = LabelGenerator.MaskedSoftmax(scores, labels, Psi);

        File["maxl.softmax"].AssertEqual("out", soft);
        File["maxl.softmax"].AssertGradients("gradients", soft, [scores]);
        var large = LabelGenerator.MaskedSoftmax(scores * 1000, labels, Psi, floor: 0);
        Assert.True(large.isfinite().all().item<bool>());
        Assert.Equal(0, large[0, 2..].sum().item<float>());
        Assert.True(large.sum([1]).allclose(ones(4)));
    }

    [Fact]
    public void MetaGradient_OverManySteps_KeepsTheNumberOfTensors()
    {
        using var parts = new Parts(new());
        using var first = new Parts(new() { Order = MetaOrder.First });
        void Step(Parts of)
        {
            using var scope = NewDisposeScope();
            var (x, y) = Batch(0);
            of.Maxl.MetaGradient(x, y, Rate);
        }

        Step(parts);
        Step(first);
        // TorchSharp counts the gradient of a parameter that a loss does not use as a tensor, for ever, though there is none:
        // the auxiliary head's for the primary loss, and the main head's for the auxiliary one.
        const int absentInBoth = 12;
        const int steps = 3;
        var before = ProcessWide.LiveTensors();
        for (var i = 0; i < steps; i++)
        {
            Step(parts);
            Step(first);
        }

        Assert.InRange(ProcessWide.LiveTensors(), before, before + (steps * absentInBoth));
    }

    [Fact]
    public void BadInput_IsNamed()
    {
        using var scope = NewDisposeScope();
        using var linear = nn.Linear(3, 5);
        Assert.Throws<ArgumentException>(() => new LabelGenerator(linear, []));
        Assert.Throws<ArgumentException>(() => new LabelGenerator(linear, [2, 0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LabelGenerator(linear, Psi, 1));
        Assert.Throws<ArgumentException>(() => LabelGenerator.MaskedSoftmax(ones(2, 4), zeros([2], ScalarType.Int64), Psi));
        Assert.Throws<ArgumentException>(() => LabelGenerator.MaskedSoftmax(ones(2, 5), zeros(2), Psi));
        Assert.Throws<ArgumentException>(() => LabelGenerator.MaskedSoftmax(ones(2, 5), tensor(new long[] { 0, 2 }), Psi));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaxlOptions { Focusing = 0.5 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaxlOptions { Difference = 0 });
    }

    private static Tensor Gradients(MaxlOptions options)
    {
        using var parts = new Parts(options);
        parts.Maxl.MetaGradient(Batch(0).Input, Batch(0).Labels, Rate);
        return cat([.. parts.Scores.parameters().Select(one => one.grad!.reshape(-1))]);
    }

    private static (Tensor Input, Tensor Labels) Batch(int step) =>
        (Golden.Tensor($"maxl.x{step}", [6, 3, 32, 32], dtype: ScalarType.Float64), Golden.Integers($"maxl.y{step}", Psi.Length, 6));

    private static void AssertAll(GoldenCase expected, Func<string, Tensor> actual)
    {
        foreach (var one in expected.Parts)
        {
            one.AsSample().AssertEqual(actual(one.Name[(expected.Name.Length + 1)..]), 1e-7, 1e-10);
        }
    }

    /// <summary>Network, head and generator with the weights of the fixture.</summary>
    private sealed class Parts : IDisposable
    {
        internal Parts(MaxlOptions options)
        {
            Network = Golden.Fill(new MaxlNetwork(("classifier1", Psi.Length), ("classifier2", Psi.Sum())).to(ScalarType.Float64));
            Scores = Golden.Fill(new MaxlNetwork(("classifier", Psi.Sum())).to(ScalarType.Float64));
            Generator = new(Scores, Psi);
            Maxl = new(Network, "block5", Network.Second!, Generator, options);
        }

        internal MaxlNetwork Network { get; }

        internal MaxlNetwork Scores { get; }

        internal LabelGenerator Generator { get; }

        internal Maxl Maxl { get; }

        public void Dispose()
        {
            Maxl.Dispose();
            Generator.Dispose();
            Network.Dispose();
        }
    }
}
