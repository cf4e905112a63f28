using DeepTricks.Backbones;
using DeepTricks.Checkpoints;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Backbones;

/// <summary>State dicts that torchvision saved, with random weights after a step of training, in networks small enough to be kept.</summary>
public sealed class BackboneCheckpointTests
{
    private static readonly GoldenFile Saved = GoldenFile.Read("backbones/saved.json");

    [Theory]
    [InlineData("dense")]
    [InlineData("mobile")]
    public void LoadInto_AStateDictOfTorchvision_LoadsStrictlyAndGivesItsLogits(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Make(name, normLayer: null);
        using var file = Open(name);

        var report = file.LoadInto(model);

        Assert.Equal(model.state_dict().Count, report.Loaded.Count);
        AssertLogits(name, model);
    }

    [Fact]
    public void LoadInto_FrozenNormalisation_PassesOverTheCountsOfBatches()
    {
        using var scope = NewDisposeScope();
        using var model = Make("dense", channels => new FrozenBatchNorm2d(channels));
        using var file = Open("dense");

        Assert.Throws<CheckpointLoadException>(() => file.LoadInto(model));
        file.LoadInto(model, new() { Skip = ["*.num_batches_tracked"] });

        AssertLogits("dense", model);
    }

    private static CheckpointFile Open(string name) => CheckpointFile.Open(GoldenFile.PathOf($"backbones/{name}.pth"));

    private static Backbone Make(string name, Func<long, nn.Module<Tensor, Tensor>>? normLayer) => name == "dense"
        ? new DenseNet(new() { GrowthRate = 4, Blocks = [2, 2, 2, 2], StemChannels = 8, BottleneckFactor = 2, NumClasses = 3, NormLayer = normLayer })
        : new MobileNetV3(MobileNetV3Options.Small with { WidthMultiplier = 0.1, ReducedTail = true, NumClasses = 3, NormLayer = normLayer });

    private static void AssertLogits(string name, Backbone model)
    {
        using var _ = no_grad();
        model.eval();
        Saved[name].AssertEqual("logits", model.call(Golden.Tensor("images", [2, 3, 64, 64])), 1e-5, 1e-5);
    }
}
