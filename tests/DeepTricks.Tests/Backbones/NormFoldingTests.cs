using DeepTricks.Backbones;
using DeepTricks.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Backbones;

public sealed class NormFoldingTests
{
    [Theory]
    [InlineData("resnet18", true)]
    [InlineData("resnet50", true)]
    [InlineData("resnet50", false)]
    [InlineData("mobilenet_v2", false)]
    [InlineData("mobilenet_v3_small", true)]
    public void Call_FoldedNorms_GivesTheSameLogitsAndGradients(string name, bool frozen)
    {
        using var scope = NewDisposeScope();
        var (plain, folded) = (Make(name, frozen, fold: false), Make(name, frozen, fold: true));
        var images = Golden.Tensor("images", [2, 3, 96, 96]);

        var (expected, actual) = (plain.call(images), folded.call(images));
        expected.square().sum().backward();
        actual.square().sum().backward();

        var scale = expected.abs().max().item<float>();
        Assert.True(expected.allclose(actual, 1e-4, 1e-5 * scale));
        foreach (var (theirs, ours) in plain.parameters().Zip(folded.parameters()))
        {
            var magnitude = theirs.grad!.abs().max().item<float>();
            Assert.True(theirs.grad.allclose(ours.grad!, 1e-3, 1e-4 * magnitude));
        }
    }

    [Fact]
    public void Pays_NormInTraining_DoesNot()
    {
        using var scope = NewDisposeScope();
        var (convolution, norm, input) = (nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), zeros(1, 3, 64, 64));

        Assert.False(NormFolding.Pays(input, convolution, norm));
        norm.eval();
        Assert.True(NormFolding.Pays(input, convolution, norm));
        Assert.False(NormFolding.Pays(zeros(1, 3, 3, 3), convolution, norm));
        Assert.False(NormFolding.Pays(input, convolution, nn.ReLU()));
    }

    private static Backbone Make(string name, bool frozen, bool fold)
    {
        var model = Golden.Fill(TorchvisionNames.Make(name, options => options with
        {
            NumClasses = 10,
            NormLayer = frozen ? channels => new FrozenBatchNorm2d(channels) : null,
            FoldNorms = fold,
        }));
        model.eval();
        return model;
    }
}
