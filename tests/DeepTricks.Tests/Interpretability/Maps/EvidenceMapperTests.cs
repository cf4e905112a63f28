using DeepTricks.Interpretability;
using DeepTricks.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Interpretability;

/// <summary>What every method of evidence keeps to. Alone, for it counts the live tensors.</summary>
[Collection(ProcessWide.Name)]
public sealed class EvidenceMapperTests
{
    public static IEnumerable<object[]> Methods => MapGivens.Methods.Select(method => new object[] { method });

    [Fact]
    public void Explain_OfCam_HasTheLogitAsItsMeanAndTheBias()
    {
        using var scope = NewDisposeScope();
        using var model = MapGivens.Small();
        using var mapper = new ClassActivationMapping(model, "relu", "fc");

        var maps = mapper.Explain(MapGivens.Images(3, 8, 10), tensor(new long[] { 0, 3, 1 }));

        var expected = maps.Logits.gather(1, maps.Classes.unsqueeze(1)).squeeze(1) - model.get_parameter("fc.bias")!.index_select(0, maps.Classes);
        Assert.True(maps["relu"].mean([1, 2]).allclose(expected, 1e-4, 1e-5));
    }

    [Fact]
    public void CamOfClasses_HoldsTheCamOfEachClass()
    {
        using var scope = NewDisposeScope();
        var (activations, weight) = (Golden.Tensor("a", [2, 5, 4, 3]), Golden.Tensor("w", [7, 5]));

        var all = ActivationMaps.CamOfClasses(activations, weight);

        for (var k = 0; k < 7; k++)
            Assert.True(all.select(1, k).allclose(ActivationMaps.Cam(activations, weight, tensor(new long[] { k, k })), 1e-5, 1e-6));
    }

    [Fact]
    public void Explain_OfGradCam_IsThatOfCamOverThePlaces()
    {
        using var scope = NewDisposeScope();
        using var model = MapGivens.Small();
        using var cam = new ClassActivationMapping(model, "relu", "fc");
        using var gradCam = new GradCam(model, "relu");
        var images = MapGivens.Images(2, 8, 10);

        // The gradient of a mean over 80 places is an eightieth of the weight.
        Assert.True(gradCam.Explain(images)["relu"].mul(80).allclose(cam.Explain(images)["relu"], 1e-4, 1e-5));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Explain_BeforeAnActivationInPlace_SeesWhatTheLayerReturned(string method)
    {
        using var scope = NewDisposeScope();
        using var model = MapGivens.Small();
        using var mapper = MapGivens.Mapper(method, model, ["norm"]);
        var images = MapGivens.Images(2, 8, 10);

        var inPlace = mapper.Explain(images);
        foreach (var relu in model.modules().OfType<ReLU>()) relu.inplace = false;
        var apart = mapper.Explain(images);

        Assert.True(inPlace["norm"].allclose(apart["norm"]));
        Assert.True(inPlace.Logits.allclose(apart.Logits));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Explain_OfABatch_IsThatOfEachSampleThoughTheModelTrains(string method)
    {
        using var scope = NewDisposeScope();
        using var model = MapGivens.Small();
        using var mapper = MapGivens.Mapper(method, model, ["norm"]);
        var images = MapGivens.Images(3, 8, 10);
        model.train();
        var mean = model.get_buffer("norm.running_mean")!.clone();

        var together = mapper.Explain(images)["norm"];

        for (var i = 0; i < 3; i++)
            Assert.True(mapper.Explain(images.narrow(0, i, 1))["norm"].allclose(together.narrow(0, i, 1), 1e-4, 1e-6));
        Assert.All(model.modules(), module => Assert.True(module.training));
        Assert.True(model.get_buffer("norm.running_mean")!.equal(mean).all().item<bool>());
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Explain_OfAFrozenModel_IsThatOfOneThatLearns(string method)
    {
        using var scope = NewDisposeScope();
        using var model = MapGivens.Small();
        using var mapper = MapGivens.Mapper(method, model, ["relu"]);
        var images = MapGivens.Images(2, 8, 10);
        var expected = mapper.Explain(images)["relu"];
        foreach (var parameter in model.parameters()) parameter.requires_grad = false;

        using var outer = no_grad();
        var frozen = mapper.Explain(images)["relu"];

        Assert.True(frozen.allclose(expected));
        Assert.False(frozen.requires_grad);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Explain_LeavesTheGradientsOfTheModelAlone(string method)
    {
        using var scope = NewDisposeScope();
        using var model = MapGivens.Small();
        using var mapper = MapGivens.Mapper(method, model, ["relu"]);

        mapper.Explain(MapGivens.Images(2, 8, 10));

        Assert.All(model.parameters(), parameter => Assert.True(parameter.grad is null));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Trace_ALossOfTheMap_HasTheGradientOfFiniteDifferences(string method)
    {
        using var scope = NewDisposeScope();
        using var model = MapGivens.Small();
        model.to(ScalarType.Float64);
        model.eval();
        using var mapper = MapGivens.Mapper(method, model, ["conv"]);
        var (images, classes) = (MapGivens.Images(2, 5, 6).to(ScalarType.Float64), tensor(new long[] { 1, 2 }));
        var target = Golden.Tensor("target", [2, 5, 6], dtype: ScalarType.Float64);
        var weight = model.get_parameter("conv.weight")!;

        var loss = Loss();
        loss.backward();

        const double Step = 1e-6;
        foreach (var at in new long[] { 0, 40, 101 })
        {
            var (above, below) = (Moved(at, Step), Moved(at, -Step));
            // Score-CAM's weights are constants in the graph, and would move here.
            if (method != "ScoreCam") Assert.Equal((above - below) / (2 * Step), weight.grad!.view(-1)[at].item<double>(), 1e-5);
        }

        Assert.True(weight.grad!.abs().sum().item<double>() > 0);

        Tensor Loss() => (mapper.Trace(images, classes)["conv"] * target).sum();

        double Moved(long at, double by)
        {
            using var none = no_grad();
            weight.view(-1)[at].add_(by);
            using var _ = enable_grad();
            var value = Loss().item<double>();
            using var again = no_grad();
            weight.view(-1)[at].sub_(by);
            return value;
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Trace_GivesTheLogitsOfTheSamePassInTheGraph(string method)
    {
        using var scope = NewDisposeScope();
        using var model = MapGivens.Small();
        using var mapper = MapGivens.Mapper(method, model, ["relu"]);
        var (images, classes) = (MapGivens.Images(2, 8, 10), tensor(new long[] { 1, 2 }));
        model.eval();

        var maps = mapper.Trace(images, classes);
        (nn.functional.cross_entropy(maps.Logits, classes) + maps["relu"].relu().mean()).backward();

        Assert.True(maps.Logits.allclose(model.call(images)));
        Assert.All(model.parameters(), parameter => Assert.True(parameter.grad is not null));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Normalized_WhereNothingIsSeen_IsZeroAndNoNaN(string method)
    {
        using var scope = NewDisposeScope();
        using var model = MapGivens.Small();
        using var mapper = MapGivens.Mapper(method, model, ["relu"]);
        using (no_grad()) foreach (var name in new[] { "norm.weight", "norm.bias" }) model.get_parameter(name)!.zero_();

        var maps = mapper.Explain(MapGivens.Images(2, 8, 10));

        Assert.Equal(0, maps.Normalized().abs().max().item<float>());
        Assert.Equal(0, maps["relu"].abs().max().item<float>());
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void ExplainAndTrace_AgainAndAgain_KeepTheLiveTensorsFlat(string method)
    {
        using var model = MapGivens.Small();
        using var mapper = MapGivens.Mapper(method, model, ["norm"]);
        using var images = MapGivens.Images(2, 8, 10);
        void Step()
        {
            using var scope = NewDisposeScope();
            using (var maps = mapper.Explain(images)) maps.Normalized().Dispose();
            using (var maps = mapper.Trace(images)) maps["norm"].square().mean().backward();
            Assert.Throws<ArgumentException>(() => mapper.Explain(images, tensor(new long[] { 0, 9 })));
        }

        Step();
        var before = ProcessWide.LiveTensors();
        for (var step = 0; step < 3; step++) Step();

        Assert.Equal(before, ProcessWide.LiveTensors());
    }

    [Fact]
    public void Explain_OfScoreCam_DoesNotDependOnTheSizeOfTheBatches()
    {
        using var scope = NewDisposeScope();
        using var model = MapGivens.Small();
        using var whole = new ScoreCam(model, "relu");
        using var single = new ScoreCam(model, "relu", new() { BatchSize = 1 });
        var images = MapGivens.Images(3, 8, 10);
        // A channel without a range: its mask lets nothing through.
        using (no_grad()) model.get_parameter("norm.bias")![2].fill_(-100);

        Assert.True(whole.Explain(images)["relu"].allclose(single.Explain(images)["relu"], 1e-5, 1e-6));
    }

    [Fact]
    public void Dispose_TakesTheHooksOff()
    {
        using var scope = NewDisposeScope();
        using var model = MapGivens.Small();
        var mapper = new GradCam(model, "relu");
        mapper.Dispose();

        Assert.Throws<InvalidOperationException>(() => mapper.Explain(MapGivens.Images(1, 8, 10)));
    }

    [Fact]
    public void Constructor_OrExplain_OfWrongThings_SaysWhatWasExpected()
    {
        using var scope = NewDisposeScope();
        using var model = MapGivens.Small();
        using var mapper = new GradCam(model, "relu");
        using var flat = new GradCam(model, "flat");
        var images = MapGivens.Images(2, 8, 10);

        Assert.Contains("'relu'", Assert.Throws<ArgumentException>(() => new ClassActivationMapping(model, "relu", "relu")).Message, StringComparison.Ordinal);
        Assert.Contains("'nothing'", Assert.Throws<ArgumentException>(() => new ClassActivationMapping(model, "relu", "nothing")).Message, StringComparison.Ordinal);
        Assert.Contains("twice", Assert.Throws<ArgumentException>(() => new LayerCam(model, "relu", "relu")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new LayerCam(model));
        Assert.Contains("[2, 3]", Assert.Throws<ArgumentException>(() => mapper.Explain(zeros(2, 3))).Message, StringComparison.Ordinal);
        Assert.Contains("[2] of Int64", Assert.Throws<ArgumentException>(() => mapper.Explain(images, zeros(3, dtype: ScalarType.Int64))).Message, StringComparison.Ordinal);
        Assert.Contains("0 to 3", Assert.Throws<ArgumentException>(() => mapper.Explain(images, tensor(new long[] { 0, 4 }))).Message, StringComparison.Ordinal);
        Assert.Contains("'flat'", Assert.Throws<InvalidOperationException>(() => flat.Explain(images)).Message, StringComparison.Ordinal);
        Assert.Contains("'conv'", Assert.Throws<KeyNotFoundException>(() => mapper.Explain(images)["conv"]).Message, StringComparison.Ordinal);
    }
}
