using DeepTricks.Backbones;
using DeepTricks.Interpretability;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Interpretability;

/// <summary>Maps of evidence against pytorch-grad-cam, torch-cam and RISE: tests/fixtures/interpretability/make_maps.py.</summary>
public sealed class MapFixtureTests
{
    private static readonly GoldenFile File = GoldenFile.Read("interpretability/maps.json");

    public static IEnumerable<object[]> Methods => File.Cases.Where(one => one.Has("method")).Select(one => new object[] { one.Name });

    [Theory]
    [MemberData(nameof(Methods))]
    public void Explain_OnTheFormulasNetworks_EqualsTheCommonImplementation(string name)
    {
        using var scope = NewDisposeScope();
        var one = File[name];
        using var model = MapGivens.Network(one.Text("architecture"));
        var layers = one["layers"].Element.EnumerateArray().Select(layer => layer.GetString()!).ToList();
        using var mapper = MapGivens.Mapper(one.Text("method"), model, layers);

        var maps = mapper.Explain(MapGivens.Images(one.Integers("size")), one.Has("classes") ? tensor(one.Integers("classes")) : null);

        // The channels' sum cancels, so that errors of rounding are those of the largest values.
        var raw = one["raw"].Parts;
        for (var i = 0; i < layers.Count; i++)
        {
            var sample = raw[i].AsSample();
            sample.AssertEqual(maps[layers[i]], 1e-4, 1e-4 * sample.Values.Max(Math.Abs));
        }

        if (one.Has("normalized")) one.AssertEqual("normalized", maps.Normalized(), 1e-4, 2e-4);
    }

    [Fact]
    public void Trace_OfGradCam_IsDifferentiatedAsPyTorchDoes()
    {
        using var scope = NewDisposeScope();
        var one = File["loss"];
        using var model = MapGivens.Network("resnet18");
        using var mapper = new GradCam(model, "layer3");
        model.eval();

        var map = mapper.Trace(MapGivens.Images(one.Integers("size")), tensor(one.Integers("classes")))["layer3"];

        one.AssertEqual("map", map, 1e-4, 1e-5);
        one.AssertGradients("gradients", map, [model.get_parameter("layer1.0.conv1.weight")!, model.get_parameter("fc.weight")!], 1e-3, 1e-5);
    }

    [Fact]
    public void Measure_WithTheDefaults_EqualsRise()
    {
        using var scope = NewDisposeScope();
        var (one, rise) = (File["curves"], File["curves"]["rise"]);
        using var model = MapGivens.Network("resnet18");
        var (images, saliency) = Curves(one);

        var curves = FaithfulnessCurves.Measure(model, images, saliency);

        one.AssertEqual("blurred", FaithfulnessOptions.Blur(images));
        rise.AssertEqual("del", curves.Deletion, 1e-4, 1e-5);
        rise.AssertEqual("ins", curves.Insertion, 1e-4, 1e-5);
        Assert.Equal(rise.Number("del-area"), curves.DeletionArea, 1e-5);
        Assert.Equal(rise.Number("ins-area"), curves.InsertionArea, 1e-5);
    }

    [Fact]
    public void Measure_WithTheOptionsOfTorchCam_EqualsIt()
    {
        using var scope = NewDisposeScope();
        var (one, expected) = (File["curves"], File["curves"]["torchcam"]);
        using var model = MapGivens.Network("resnet18");
        var (images, saliency) = Curves(one);

        var curves = FaithfulnessCurves.Measure(model, images, saliency, tensor(one.Integers("classes")), FaithfulnessOptions.TorchCam);

        Assert.Equal(expected.Number("deletion_auc"), curves.DeletionArea, 1e-5);
        Assert.Equal(expected.Number("insertion_auc"), curves.InsertionArea, 1e-5);
    }

    private static (Tensor Images, Tensor Saliency) Curves(GoldenCase one)
    {
        var size = one.Integers("size");
        return (MapGivens.Images(size), Golden.Tensor("saliency", size));
    }
}
