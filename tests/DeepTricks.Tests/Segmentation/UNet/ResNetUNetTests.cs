using DeepTricks.Backbones;
using DeepTricks.Segmentation;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Segmentation;

/// <summary>Against segmentation_models.pytorch: tests/fixtures/segmentation/make_resnet_unet.py. Alone, for it counts the live tensors.</summary>
[Collection(ProcessWide.Name)]
public sealed class ResNetUNetTests
{
    private const double Relative = 1e-5, GradientRelative = 1e-4;
    private static readonly GoldenFile Fixtures = GoldenFile.Read("segmentation/resnet-unet.json");

    public static IEnumerable<object[]> Computed => Fixtures.Cases.Where(one => one.Has("logits")).Select(one => new object[] { one.Name });

    [Theory]
    [InlineData("resnet34")]
    [InlineData("resnet50")]
    public void StateDict_OfAnEncoder_HasTheOriginalsNamesAndShapes(string encoder)
    {
        var meta = EncoderOf(encoder) with { Device = META };
        using var model = new ResNetUNet(new() { Encoder = meta });
        var expected = Fixtures[encoder]["entries"].Element.EnumerateObject().Select(entry => $"{entry.Name} {entry.Value}");

        var state = model.state_dict().Where(entry => !entry.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal));

        Assert.Equal(expected.Order(), state.Select(entry => $"{entry.Key} {string.Join('x', entry.Value.shape)}").Order());
        Assert.Equal(Fixtures[encoder].Integer("parameters"), model.parameters().Sum(parameter => parameter.numel()));
    }

    [Theory]
    [MemberData(nameof(Computed))]
    public void Forward_OfAnOriginal_GivesItsLogitsAndGradients(string name)
    {
        using var scope = NewDisposeScope();
        var expected = Fixtures[name];
        using var model = Golden.Fill(name == "resnet50-whole" ? new ResNetUNet(new() { Encoder = ResNetOptions.ResNet50 }) : Small());
        model.train(expected.Flag("train"));
        var images = Golden.Tensor("images", expected.Integers("size")).requires_grad_();

        var logits = model.call(images);

        AssertClose(expected.Sample("logits"), logits, Relative);
        var parameters = model.named_parameters().ToDictionary(one => one.name, one => (Tensor)one.parameter);
        var wanted = expected["gradients"].Element.EnumerateObject().Select(entry => entry.Name).ToArray();
        var gradients = Golden.Gradients(logits, [.. wanted.Select(key => key == "images" ? images : parameters[key])]);
        for (var i = 0; i < wanted.Length; i++) AssertClose(expected["gradients"].Sample(wanted[i]), gradients[i]!, GradientRelative);
    }

    [Fact]
    public void Constructor_WithAGenerator_DrawsTheSameWeightsAgain()
    {
        using var first = Small(new Generator(5));
        using var second = Small(new Generator(5));

        Assert.All(first.parameters().Zip(second.parameters()), pair => Assert.True(pair.First.equal(pair.Second).all().item<bool>()));
    }

    [Fact]
    public void Training_StepAfterStep_HoldsNoMoreTensors()
    {
        using var model = Small();
        using var images = Golden.Tensor("images", [2, 3, 48, 40]);
        Step();
        var before = ProcessWide.LiveTensors();

        Step();
        Step();

        Assert.Equal(before, ProcessWide.LiveTensors());

        void Step()
        {
            model.zero_grad();
            using (var logits = model.call(images))
            using (var loss = logits.sum()) loss.backward();
            using (no_grad()) model.call(images).Dispose();
        }
    }

    [Fact]
    public void ForwardAndOptions_ValuesThatDoNotFit_AreRefusedByName()
    {
        using var model = Small();
        using var gray = zeros(1, 1, 32, 32);
        using var twice = zeros(1, 3, 32, 32, ScalarType.Float64);

        Assert.Equal("input", Assert.Throws<ArgumentException>(() => model.call(gray)).ParamName);
        Assert.Equal("input", Assert.Throws<ArgumentException>(() => model.call(twice)).ParamName);
        Assert.Equal("DecoderChannels", Assert.Throws<ArgumentException>(() => new ResNetUNetOptions { DecoderChannels = [1, 2] }).ParamName);
        Assert.Equal("NumClasses", Assert.Throws<ArgumentOutOfRangeException>(() => new ResNetUNetOptions { NumClasses = 0 }).ParamName);
        Assert.Equal("Encoder", Assert.Throws<ArgumentException>(() => new ResNetUNetOptions { Encoder = new() { ReplaceStrideWithDilation = [false, false, true] } }).ParamName);
    }

    private static ResNetOptions EncoderOf(string name) => name == "resnet34" ? ResNetOptions.ResNet34 : ResNetOptions.ResNet50;

    private static ResNetUNet Small(Generator? generator = null) =>
        new(new() { Encoder = ResNetOptions.ResNet18 with { Generator = generator }, NumClasses = 3, DecoderChannels = [32, 16, 16, 8, 4] });

    /// <summary>Relative to the tensor's own magnitude: its small elements are differences of larger ones.</summary>
    private static void AssertClose(GoldenSample expected, Tensor actual, double relative) =>
        expected.AssertEqual(actual, relative, relative * expected.Values.Max(Math.Abs));
}
