using DeepTricks.Priors;
using DeepTricks.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Priors;

/// <summary>The branch and its losses against PyTorch. Alone, for it counts the live tensors.</summary>
[Collection(ProcessWide.Name)]
public sealed class MaskPriorTests
{
    private static readonly GoldenFile File = GoldenFile.Read("priors/priors.json");

    [Fact]
    public void Losses_WithAMissingMask_EqualTheReferenceWithGradients()
    {
        using var scope = NewDisposeScope();
        var logits = Golden.Tensor("mask.logits", [3, 2, 6, 8], scale: 2).requires_grad_();
        var masks = Golden.Tensor("mask.masks", [3, 2, 12, 16]).gt(0).to(ScalarType.Float32);
        masks[1, 0] = SampleMasks.Unknown;

        var (dice, entropy) = MaskPrior.Losses(logits, masks);

        var expected = File["mask.losses"];
        expected.AssertEqual("dice", dice);
        expected.AssertEqual("entropy", entropy);
        expected.AssertGradients("gradients", [dice, entropy], [logits]);
    }

    [Fact]
    public void Branch_InTraining_EqualsTheReferenceWithGradients()
    {
        using var scope = NewDisposeScope();
        using var branch = Golden.Fill(new PartMaskDecoder(5, new() { Width = 6, Doublings = 2, Parts = 3 }));
        var x = Golden.Tensor("mask.features", [2, 5, 3, 4]).requires_grad_();

        var logits = branch.call(x);

        Assert.Equal(["blocks.0.conv.weight", "blocks.1.conv.weight", "blocks.2.conv.weight", "mask.bias", "mask.weight"],
            branch.state_dict().Keys.Where(name => !name.Contains("norm", StringComparison.Ordinal)).Order());
        var weights = branch.named_parameters().ToDictionary(one => one.name, one => (Tensor)one.parameter);
        File["mask.branch"].AssertEqual("out", logits, 1e-4, 1e-5);
        File["mask.branch"].AssertGradients("gradients", logits, [x, weights["blocks.0.conv.weight"], weights["mask.weight"]], 1e-3, 1e-4);
    }

    [Fact]
    public void Terms_ReachTheModelsFeaturesAndLeaveItsStateAlone()
    {
        using var scope = NewDisposeScope();
        using var model = Network();
        using var branch = new PartMaskDecoder(6, new() { Width = 4, Doublings = 1 });
        var names = model.state_dict().Keys.ToArray();
        using (var prior = new MaskPrior(model, "body", branch, new() { CrossEntropyWeight = 0.5 }))
        {
            model.call(Golden.Tensor("images", [3, 2, 8, 8]));
            var masks = ones(3, 8, 8);
            masks[2] = SampleMasks.Unknown;
            var terms = prior.Terms(masks);
            terms.Select(term => term.Value * term.Weight).Aggregate((a, b) => a + b).backward();
            Assert.Equal([("mask-dice", 1.0), ("mask-cross-entropy", 0.5)], terms.Select(term => (term.Name, term.Weight)));
        }

        Assert.True(model.Layer<Conv2d>("body").weight.grad!.abs().sum().item<float>() > 0);
        Assert.Null(model.Layer<Linear>("fc").weight.grad);
        Assert.Equal(names, model.state_dict().Keys);

        // What is deployed costs and keeps nothing of it.
        model.call(Golden.Tensor("images", [3, 2, 8, 8]));
        var before = ProcessWide.LiveTensors();
        using (var ungraded = no_grad())
        {
            model.call(Golden.Tensor("images", [3, 2, 8, 8])).Dispose();
        }

        Assert.True(ProcessWide.LiveTensors() - before <= 1);
    }

    [Fact]
    public void Terms_WithoutAnyMask_AreZero()
    {
        using var scope = NewDisposeScope();
        using var model = Network();
        using var branch = new PartMaskDecoder(6);
        using var prior = new MaskPrior(model, "body", branch);
        model.call(Golden.Tensor("images", [3, 2, 8, 8]));

        Assert.All(prior.Terms(full([3, 1, 8, 8], SampleMasks.Unknown)), term => Assert.Equal(0, term.Value.item<float>()));
    }

    [Fact]
    public void BadInput_IsNamed()
    {
        using var scope = NewDisposeScope();
        using var model = Network();
        using var branch = new PartMaskDecoder(6);
        Assert.Throws<ArgumentException>(() => MaskPrior.Losses(ones(2, 2, 4, 4), ones(2, 4, 4)));
        Assert.Throws<ArgumentException>(() => MaskPrior.Losses(ones(2, 2, 4), ones(2, 4, 4)));
        Assert.Throws<ArgumentException>(() => new MaskPrior(model, "neck", branch));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PartMaskDecoderOptions { Parts = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaskPriorOptions { DiceWeight = -1 });
    }

    private static nn.Module<Tensor, Tensor> Network() => Golden.Fill(nn.Sequential(
        ("body", nn.Conv2d(2, 6, 3, padding: 1)), ("relu", nn.ReLU(inplace: true)), ("pool", nn.AdaptiveAvgPool2d(1)), ("flatten", nn.Flatten()), ("fc", nn.Linear(6, 3))));
}
