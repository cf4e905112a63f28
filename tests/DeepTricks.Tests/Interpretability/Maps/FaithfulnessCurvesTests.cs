using DeepTricks.Interpretability;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Interpretability;

/// <summary>Deletion and insertion where the truth is known.</summary>
public sealed class FaithfulnessCurvesTests
{
    [Fact]
    public void Measure_AMapOfWhatTheModelLooksAt_BeatsItsOpposite()
    {
        using var scope = NewDisposeScope();
        using var model = new Corner();
        var images = ones(2, 3, 8, 8);
        var truth = zeros(2, 8, 8);
        truth.narrow(1, 0, 4).narrow(2, 0, 4).fill_(1);

        var right = FaithfulnessCurves.Measure(model, images, truth, options: FaithfulnessOptions.TorchCam);
        var wrong = FaithfulnessCurves.Measure(model, images, -truth, options: FaithfulnessOptions.TorchCam);

        Assert.True(right.DeletionArea < wrong.DeletionArea - 0.3);
        Assert.True(right.InsertionArea > wrong.InsertionArea + 0.3);
        Assert.Equal(0, right.Fractions[0]);
        Assert.Equal(1, right.Fractions[^1]);
    }

    [Fact]
    public void Measure_LeavesModesAndInputsAlone()
    {
        using var scope = NewDisposeScope();
        using var model = MapGivens.Small();
        model.train();
        var (images, map) = (MapGivens.Images(2, 8, 10), rand(2, 8, 10));
        var (imagesBefore, mapBefore) = (images.clone(), map.clone());

        FaithfulnessCurves.Measure(model, images, map, options: new() { BatchSize = 5 });

        Assert.All(model.modules(), module => Assert.True(module.training));
        Assert.True(images.equal(imagesBefore).all().item<bool>() && map.equal(mapBefore).all().item<bool>());
    }

    [Fact]
    public void Measure_OfAMapOfAnotherSize_SaysWhichWasExpected()
    {
        using var scope = NewDisposeScope();
        using var model = MapGivens.Small();

        var exception = Assert.Throws<ArgumentException>(() => FaithfulnessCurves.Measure(model, zeros(2, 3, 8, 10), zeros(2, 4, 5)));

        Assert.Contains("[2, 8, 10]", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>Class 1 where the upper left corner is bright.</summary>
    private sealed class Corner() : nn.Module<Tensor, Tensor>(nameof(Corner))
    {
        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var seen = input.narrow(2, 0, 4).narrow(3, 0, 4).mean([1, 2, 3]);
            return stack([(-20 * seen) + 10, zeros_like(seen)], 1).MoveToOuterDisposeScope();
        }
    }
}
