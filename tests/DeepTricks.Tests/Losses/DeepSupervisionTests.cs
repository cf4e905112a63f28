using DeepTricks.Data;
using DeepTricks.Losses;
using DeepTricks.Testing;
using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Losses;

public sealed class DeepSupervisionTests
{
    [Fact]
    public void Terms_OutputsOfThreeScales_HaveNamesAndWeights()
    {
        using var scope = NewDisposeScope();
        var (outputs, labels) = Inputs();
        var hybrid = new UNet3PlusLoss(new() { Activation = ScoreActivation.Softmax, MsSsimWeight = 0, IouWeight = 2 });
        var terms = new DeepSupervision(hybrid.Terms, new() { Weights = ScaleWeights.Of(1, 0, 0.5), Normalize = true }).Terms(outputs, labels);

        Assert.Equal(["focal", "iou", "focal-2", "iou-2"], terms.Select(term => term.Name));
        Assert.Equal([1 / 1.5, 2 / 1.5, 0.5 / 1.5, 1 / 1.5], terms.Select(term => term.Weight), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(FocalLoss.Compute(outputs[0], labels).item<float>(), terms[0].Value.item<float>());
    }

    /// <summary>A target is taken apart by whole pixels; an output is enlarged as PyTorch enlarges it.</summary>
    [Fact]
    public void Compute_OutputsOfAnotherSize_AreMatchedAsTold()
    {
        using var scope = NewDisposeScope();
        var (outputs, labels) = Inputs();
        var small = labels.slice(1, 1, 16, 2).slice(2, 1, 16, 2);
        var large = nn.functional.interpolate(outputs[1], size: [16, 16], mode: InterpolationMode.Bilinear, align_corners: false);

        Assert.Equal(DiceLoss.Compute(outputs[1], small).item<float>(), Of(ScaleMatch.Target), 1e-6);
        Assert.Equal(DiceLoss.Compute(large, labels).item<float>(), Of(ScaleMatch.Output), 1e-6);

        float Of(ScaleMatch match) =>
            new DeepSupervision(new DiceLoss().call, new() { Match = match }).Compute([outputs[1]], labels).item<float>();
    }

    [Fact]
    public void Weights_OfManyOutputs_AreThoseOfTheirName()
    {
        Assert.Equal([1, 1, 1], ScaleWeights.Equal.For(3));
        Assert.Equal([1, 0.5, 0.25, 0.125, 0.0625, 0.0625], ScaleWeights.Halving.For(6));
        Assert.Equal([1, 0.5, 0.5], ScaleWeights.HalfSides.For(3));
        Assert.Equal([3, 1], ScaleWeights.Of(3, 1).For(2));
        Assert.Throws<ArgumentException>(() => ScaleWeights.Of(3, 1).For(3));
        Assert.Throws<ArgumentException>(() => ScaleWeights.Of());
        Assert.Throws<ArgumentOutOfRangeException>(() => ScaleWeights.Of(-1));
    }

    /// <summary>As an objective it trains what all outputs share, and a metric sees the main output.</summary>
    [Fact]
    public void Objective_NetworkOfTwoOutputs_LearnsByBoth()
    {
        using var scope = NewDisposeScope();
        var (main, side) = (nn.Conv2d(1, 2, 1), nn.Conv2d(1, 2, 1));
        using (no_grad())
        {
            _ = Golden.Fill(main);
            _ = Golden.Fill(side);
        }

        using var model = nn.Sequential(("main", main), ("side", side));
        var inputs = Golden.Tensor("inputs", [4, 1, 8, 8]);
        var labels = inputs.squeeze(1).gt(0).to(ScalarType.Int64);
        using var data = new InMemoryDataset(inputs.clone(), labels);
        var loader = new BatchLoader(data, new() { BatchSize = 2 });
        var supervision = new DeepSupervision(new DiceLoss().call, new() { Weights = ScaleWeights.Equal });
        var objective = new DeepSupervisionObjective(model, x => [main.call(x), side.call(nn.functional.avg_pool2d(x, 2L))], supervision);
        using var optimizer = optim.SGD(model.parameters(), 0.5);
        using var trainer = new Trainer(objective, optimizer);
        var (mainBefore, sideBefore) = (main.weight.detach().clone(), side.weight.detach().clone());
        var before = trainer.Evaluate(loader)["loss"];

        trainer.Fit(loader, Duration.Epochs(5));

        Assert.True(trainer.Evaluate(loader)["loss"] < before);
        Assert.False(mainBefore.allclose(main.weight.detach()));
        Assert.False(sideBefore.allclose(side.weight.detach()));
    }

    private static (Tensor[] Outputs, Tensor Labels) Inputs()
    {
        Tensor[] outputs = [.. new long[] { 16, 8, 4 }.Select(side => Golden.Tensor($"output{side}", [2, 3, side, side], 3))];
        return (outputs, Golden.Integers("labels", 3, 2, 16, 16));
    }
}
