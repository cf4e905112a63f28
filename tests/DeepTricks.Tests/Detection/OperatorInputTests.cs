using DeepTricks.Detection;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Detection;

/// <summary>Arguments that do not fit, live tensors, and threads. Alone, for it counts the one and sets the other.</summary>
[Collection(ProcessWide.Name)]
public sealed class OperatorInputTests
{
    private static readonly RoiAlignOptions Bins = new(2);

    public static TheoryData<string, string> Wrong => new()
    {
        { "features of three dimensions", "features" },
        { "features without cells", "features" },
        { "whole features", "features" },
        { "regions of four numbers", "regions" },
        { "regions of another type", "regions" },
        { "regions elsewhere", "regions" },
        { "a region of no image", "regions" },
        { "a region of a negative image", "regions" },
        { "boxes for other images", "boxes" },
        { "boxes of five numbers", "boxes" },
        { "channels that are no multiple", "features" },
        { "a maximum of own channels", "options" },
        { "a turned region of negative size", "regions" },
        { "image sizes for other images", "imageSizes" },
        { "levels of other channels", "levels" },
        { "no levels", "levels" },
        { "overlaps of three numbers", "first" },
        { "overlaps of two types", "second" },
        { "losses of two shapes", "targets" },
        { "scores for other boxes", "scores" },
        { "scores of another type", "scores" },
        { "classes of another type", "classes" },
        { "masks that are not square", "masks" },
        { "masks for other boxes", "boxes" },
        { "an image without rows", "height" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Operators_ArgumentsThatDoNotFit_NameTheParameterAndLeakNothing(string what, string parameter)
    {
        using var scope = NewDisposeScope();
        Tensor map = zeros(1, 4, 5, 6), region = zeros(1, 5), box = zeros(1, 4), score = zeros(1), mask = zeros(1, 1, 3, 3);
        Tensor[] others = [zeros(4, 5, 6), zeros(1, 4, 0, 6), zeros(1, 4, 5, 6, ScalarType.Int64), zeros(1, 5, ScalarType.Float64), zeros(1, 5, device: META), tensor(new float[,] { { 1, 0, 0, 1, 1 } }),
            tensor(new float[,] { { -1, 0, 0, 1, 1 } }), zeros(1, 3, 5, 6), tensor(new float[,] { { 0, 1, 1, -2, 1, 0 } }), zeros(1, 3), zeros(1, 4, ScalarType.Float64), zeros(2, 4), zeros(2),
            zeros(1, ScalarType.Float64), zeros(1, 1, 3, 4)];
        var pyramid = new MultiScaleRoiAlignOptions(2);
        Action act = what switch
        {
            "features of three dimensions" => () => RoiAlign.Compute(others[0], region, Bins),
            "features without cells" => () => RoiAlign.Compute(others[1], region, Bins),
            "whole features" => () => RoiPool.Compute(others[2], region, new(2)),
            "regions of four numbers" => () => RoiAlign.Compute(map, box, Bins),
            "regions of another type" => () => RoiAlign.Compute(map, others[3], Bins),
            "regions elsewhere" => () => RoiAlign.Compute(map, others[4], Bins),
            "a region of no image" => () => RoiAlign.Compute(map, others[5], Bins),
            "a region of a negative image" => () => RoiPool.Compute(map, others[6], new(2)),
            "boxes for other images" => () => RoiAlign.Compute(map, [box, box], Bins),
            "boxes of five numbers" => () => RoiAlign.Compute(map, [region], Bins),
            "channels that are no multiple" => () => PositionSensitiveRoiAlign.Compute(others[7], region, Bins),
            "a maximum of own channels" => () => PositionSensitiveRoiAlign.Compute(map, region, Bins with { Pooling = RoiPooling.Maximum }),
            "a turned region of negative size" => () => RotatedRoiAlign.Compute(map, others[8], Bins),
            "image sizes for other images" => () => MultiScaleRoiAlign.Compute([map, map], [box], [], pyramid),
            "levels of other channels" => () => MultiScaleRoiAlign.Compute([map, others[7]], [box], [(8, 8)], pyramid),
            "no levels" => () => MultiScaleRoiAlign.Compute([], [box], [(8, 8)], pyramid),
            "overlaps of three numbers" => () => Boxes.Iou(others[9], box),
            "overlaps of two types" => () => Boxes.Iou(box, others[10]),
            "losses of two shapes" => () => BoxLosses.GeneralizedIou(box, others[11]),
            "scores for other boxes" => () => Nms.Apply(box, others[12], 0.5),
            "scores of another type" => () => Nms.Apply(box, others[13], 0.5),
            "classes of another type" => () => Nms.Batched(box, score, score, 0.5),
            "masks that are not square" => () => MaskPaste.IntoImages(others[14], box, 8, 8),
            "masks for other boxes" => () => MaskPaste.IntoImages(mask, others[11], 8, 8),
            _ => () => MaskPaste.IntoBoxes(mask, box, 0, 8),
        };
        var before = ProcessWide.LiveTensors();

        var exception = Assert.ThrowsAny<ArgumentException>(act);

        Assert.Equal(parameter, exception.ParamName);
        Assert.Equal(before, ProcessWide.LiveTensors());
    }

    [Fact]
    public void Options_WhatMakesNoSense_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RoiAlignOptions(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RoiAlignOptions(7) { SamplingRatio = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RoiAlignOptions(7) { SpatialScale = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RoiPoolOptions(7, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MultiScaleRoiAlignOptions(7) { CanonicalScale = 0 });
    }

    [Fact]
    public void Operators_OverManySteps_KeepTheNumberOfTensors()
    {
        using var features = Golden.Tensor("steps", [2, 12, 9, 9]).requires_grad_();
        using var small = Golden.Tensor("steps.small", [2, 12, 4, 4]).requires_grad_();
        using var regions = tensor(new float[,] { { 0, 1, 1, 6, 7 }, { 1, 0, 2, 5, 5 } });
        using var turned = tensor(new float[,] { { 0, 3, 3, 4, 5, 30 } });
        using var boxes = regions.narrow(1, 1, 4).contiguous();
        using var scores = tensor(new[] { 0.4f, 0.9f });
        using var classes = tensor(new long[] { 1, 2 });
        using var masks = ones(2, 1, 5, 5);
        void Step()
        {
            using var scope = NewDisposeScope();
            var total = RoiAlign.Compute(features, regions, Bins).sum() + RoiAlign.Compute(features, regions, Bins with { Pooling = RoiPooling.Maximum }).sum()
                + RoiPool.Compute(features, regions, new(2)).sum() + PositionSensitiveRoiAlign.Compute(features, regions, Bins).sum()
                + PositionSensitiveRoiPool.Compute(features, regions, new(2)).sum() + RotatedRoiAlign.Compute(features, turned, Bins).sum()
                + MultiScaleRoiAlign.Compute([features, small], [boxes, boxes], [(9, 9), (9, 9)], new(2)).sum();
            total.backward();
            Nms.Apply(boxes, scores, 0.5);
            Nms.Batched(boxes, scores, classes, 0.5);
            Nms.Soft(boxes, scores, classes: classes);
            Boxes.CompleteIou(boxes, boxes);
            BoxLosses.GeneralizedIou(boxes, boxes);
            MaskPaste.IntoImages(masks, boxes, 9, 9);
            MaskPaste.IntoBoxes(masks, boxes, 9, 9);
        }

        ProcessWide.AssertFlat(Step);
        features.grad!.Dispose();
        small.grad!.Dispose();
    }

    /// <summary>Each thread owns channels, and adds to them in one order.</summary>
    [Fact]
    public void Kernels_AnyNumberOfThreads_GiveTheSameBits()
    {
        using var scope = NewDisposeScope();
        var features = Golden.Tensor("threads", [2, 80, 40, 50]).requires_grad_();
        var low = Golden.Tensor("threads.low", [1500, 2], 60, 80);
        var boxes = cat([low, low + Golden.Tensor("threads.size", [1500, 2], 60, 70)], 1);
        var regions = cat([Golden.Integers("threads.image", 2, 1500, 1).to(ScalarType.Float32), boxes], 1);
        var scores = Golden.Tensor("threads.scores", [1500]);
        var threads = get_num_threads();
        try
        {
            Tensor[]? expected = null;
            foreach (var count in (int[])[1, 2, 3, 7])
            {
                set_num_threads(count);
                var (aligned, pooled) = (RoiAlign.Compute(features, regions, new(5) { SpatialScale = 0.25, SamplingRatio = 2 }), RoiPool.Compute(features, regions, new(5) { SpatialScale = 0.25 }));
                Tensor[] results = [aligned, pooled, .. Golden.Gradients(aligned, features)!, .. Golden.Gradients(pooled, features)!, Nms.Apply(boxes, scores, 0.3)];
                expected ??= results;
                for (var i = 0; i < results.Length; i++)
                {
                    Assert.True(results[i].eq(expected[i]).all().item<bool>(), $"Result {i} differs with {count} threads.");
                }
            }
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(1e30f)]
    public void RoiAlign_BoxThatIsNone_GivesZerosAndEnds(float corner)
    {
        using var scope = NewDisposeScope();
        var features = ones(1, 9, 5, 6).requires_grad_();
        var regions = tensor(new float[,] { { 0, 1, 1, corner, 4 }, { 0, 1, 1, 3, 3 } });

        var pooled = RoiAlign.Compute(features, regions, new(2));

        Assert.False(pooled.isnan().any().item<bool>());
        Assert.Equal(1, pooled[1].min().item<float>(), 1e-6f);
        Assert.False(Golden.Gradients(pooled, features)[0]!.isnan().any().item<bool>());
        if (corner != 1e30f)
        {
            Assert.Equal(0, pooled[0].abs().max().item<float>());
        }
    }
}
