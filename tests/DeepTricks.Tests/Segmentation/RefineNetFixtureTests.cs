using System.Security.Cryptography;
using System.Text;
using DeepTricks.Backbones;
using DeepTricks.Checkpoints;
using DeepTricks.Segmentation;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Segmentation;

/// <summary>The networks against DrSleep's: tests/fixtures/segmentation/make_refinenet.py.</summary>
public sealed class RefineNetFixtureTests
{
    private const double Relative = 1e-4, Exact = 1e-8;
    private static readonly GoldenFile Fixtures = GoldenFile.Read("segmentation/refinenet.json");

    public static IEnumerable<object[]> Architectures => Fixtures.Cases.Where(one => one.Has("names")).Select(one => new object[] { one.Name });

    public static IEnumerable<object[]> Passes => Fixtures.Cases.Where(one => one.Has("gradients")).Select(one => new object[] { one.Name });

    [Theory]
    [MemberData(nameof(Architectures))]
    public void StateDict_OfAnArchitecture_HasTheOriginalsNamesShapesAndCount(string name)
    {
        using var model = Make(name, 21, META);
        var expected = Fixtures[name];
        var lines = model.state_dict().Select(entry => $"{entry.Key}:{string.Join('x', entry.Value.shape)}").Order(StringComparer.Ordinal).ToList();

        Assert.Equal(expected.Integer("parameters"), model.parameters().Sum(parameter => parameter.numel()));
        Assert.Equal(expected.Integer("entries"), lines.Count);
        Assert.Equal(expected.Text("names"), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines)))));
    }

    [Theory]
    [InlineData("rf101", 118_052_437)]
    [InlineData("rf_lw50", 27_357_525)]
    [InlineData("rf_lw101", 46_349_653)]
    [InlineData("rf_lw152", 61_993_301)]
    public void Parameters_For21Classes_AreAsManyAsPublished(string name, long count)
    {
        using var model = Make(name, 21, META);
        Assert.Equal(count, model.parameters().Sum(parameter => parameter.numel()));
    }

    [Theory]
    [MemberData(nameof(Passes))]
    public void Call_InEvaluationAndTraining_GivesTheOriginalsLogitsGradientsAndStatistics(string name)
    {
        var expected = Fixtures[name];
        using var scope = NewDisposeScope();
        using var model = Golden.Fill(Make(expected.Text("network"), 5));
        model.eval();
        foreach (var one in expected["evaluated"].Parts)
        {
            using var _ = no_grad();
            AssertClose(one.Sample("logits"), model.call(Golden.Tensor("images", one.Integers("size"))));
        }

        // In double: in single precision rounding decides about ReLUs, and the original's own gradients are off by up to 6%.
        model.to(ScalarType.Float64).train(expected.Flag("training"));
        var images = Golden.Tensor("images", expected.Integers("size"), dtype: ScalarType.Float64).requires_grad_();
        var logits = model.call(images);
        AssertClose(expected.Sample("logits"), logits, Exact);
        var parameters = model.named_parameters().ToDictionary(one => one.name, one => (Tensor)one.parameter);
        var watched = expected["gradients"].Parts;
        var gradients = Golden.Gradients(logits, [images, .. watched.Skip(1).Select(one => parameters[one.Name.Split(".gradients.")[1]])]);
        for (var i = 0; i < watched.Count; i++) AssertClose(watched[i].AsSample(), gradients[i]!, Exact);
        var state = model.state_dict();
        foreach (var one in expected["statistics"].Element.EnumerateObject()) AssertClose(expected["statistics"].Sample(one.Name), state[one.Name], Exact);
    }

    [Theory]
    [InlineData("rf_lw50")]
    [InlineData("rf_lw_mbv2")]
    public void LoadInto_AStateDictOfTheOriginal_LoadsStrictlyAndGivesItsLogits(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Make(name, 21);
        using var file = Open(name);

        var report = file.LoadInto(model);

        Assert.Equal(model.state_dict().Count, report.Loaded.Count);
        AssertEvaluates(name, model);
    }

    [Fact]
    public void LoadInto_AFileWithoutCountsOfBatches_NeedsToBeTold()
    {
        using var scope = NewDisposeScope();
        using var model = Make("rf101", 21);
        // The file's tensors overlap, to be small, and are larger than it.
        using var file = CheckpointFile.Open(GoldenFile.PathOf("segmentation/rf101.pth.tar"), new() { MaxExtraBytes = 1L << 30 });

        Assert.Throws<CheckpointLoadException>(() => file.LoadInto(model));
        var report = file.LoadInto(model, new() { Skip = ["*.num_batches_tracked"] });

        Assert.Empty(report.Missing);
        Assert.Equal(file.Entries.Count, report.Loaded.Count);
        AssertEvaluates("rf101", model);
    }

    [Fact]
    public void LoadInto_ANetworkWithFrozenNormalisation_PassesOverTheCountsOfBatches()
    {
        using var scope = NewDisposeScope();
        using var model = new LightWeightRefineNet(new() { Backbone = ResNetOptions.ResNet50 with { NormLayer = channels => new FrozenBatchNorm2d(channels) }, Dropout = 0 });
        using var file = Open("rf_lw50");

        file.LoadInto(model, new() { Skip = ["*.num_batches_tracked"] });

        AssertEvaluates("rf_lw50", model);
    }

    internal static RefinementNetwork Make(string name, long classes, Device? device = null)
    {
        ResNetOptions ResNet() => name[^2..] switch
        {
            "50" => ResNetOptions.ResNet50 with { Device = device },
            "01" => ResNetOptions.ResNet101 with { Device = device },
            _ => ResNetOptions.ResNet152 with { Device = device },
        };
        if (name.EndsWith("mbv2", StringComparison.Ordinal)) return new MobileRefineNet(new() { NumClasses = classes, Backbone = new() { Device = device } });
        return name.StartsWith("rf_lw", StringComparison.Ordinal)
            ? new LightWeightRefineNet(new() { NumClasses = classes, Backbone = ResNet(), Dropout = 0 })
            : new RefineNet(new() { NumClasses = classes, Backbone = ResNet(), Dropout = 0 });
    }

    private static CheckpointFile Open(string name) => CheckpointFile.Open(GoldenFile.PathOf($"segmentation/{name}.pth.tar"));

    private static void AssertEvaluates(string name, RefinementNetwork model)
    {
        using var _ = no_grad();
        model.eval();
        AssertClose(Fixtures[$"{name}-saved"].Sample("logits"), model.call(Golden.Tensor("images", [1, 3, 65, 97])));
    }

    /// <summary>Relative to the tensor's own magnitude: its small elements are differences of larger ones.</summary>
    private static void AssertClose(GoldenSample expected, Tensor actual, double relative = Relative) =>
        expected.AssertEqual(actual, relative, relative * expected.Values.Max(Math.Abs));
}
