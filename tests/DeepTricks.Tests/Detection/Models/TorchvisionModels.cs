using DeepTricks.Detection;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Detection;

/// <summary>The models of tests/fixtures/detection/make_models.py, and what they look at.</summary>
internal static class TorchvisionModels
{
    private static readonly long[][] Pictures = [[100, 130], [72, 96]];

    private static readonly double[][][] Boxes = [[[10, 20, 60, 90], [55.5, 8, 120, 70], [5, 50, 44, 98]], [[12, 6, 80, 60], [50, 20.25, 90, 70]]];

    private static readonly long[][] Labels = [[3, 17, 3], [44, 8]];

    internal static ImageTransformOptions Small { get; } = new() { MinSizes = [96], MaxSize = 160 };

    internal static GeneralizedRcnn Make(string name)
    {
        // The permutations of the fixtures, in place of drawn ones.
        var proposals = new RegionProposalOptions { Sampler = new(256, 0.5, Permutation), ProposalsInTraining = 300 };
        var regions = new RegionHeadOptions { Sampler = new(name.EndsWith("_v2", StringComparison.Ordinal) ? 512 : 128, 0.25, Permutation), DetectionsPerImage = 40 };
        var faster = new FasterRcnnOptions { Transform = Small, Proposals = proposals, Regions = regions };
        var masks = new MaskRcnnOptions { Transform = Small, Proposals = proposals, Regions = regions };
        return name switch
        {
            "fasterrcnn_resnet50_fpn" => FasterRcnn.ResNet50(faster),
            "fasterrcnn_resnet50_fpn_v2" => FasterRcnn.ResNet50V2(faster),
            "maskrcnn_resnet50_fpn" => MaskRcnn.ResNet50(masks),
            "maskrcnn_resnet50_fpn_v2" => MaskRcnn.ResNet50V2(masks),
            "fasterrcnn_mobilenet_v3_large_fpn" => FasterRcnn.MobileNetV3Large(faster),
            "fasterrcnn_mobilenet_v3_large_320_fpn" => FasterRcnn.MobileNetV3Large320(faster),
            _ => throw new ArgumentException($"No model is called {name}.", nameof(name)),
        };
    }

    internal static Tensor Permutation(long count)
    {
        using var numbers = tensor(Golden.Numbers($"permutation{count}", count));
        return numbers.argsort();
    }

    /// <summary>Weights of the formula, and the last layers as the case says.</summary>
    internal static GeneralizedRcnn Fill(GeneralizedRcnn model, GoldenCase one)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Golden.Fill(model);
        var state = model.state_dict();
        foreach (var (_, weight) in state.Where(entry => entry.Key.StartsWith("backbone.body.", StringComparison.Ordinal) && entry.Value.dim() == 4))
            weight.mul_(one.Number("gain"));
        foreach (var layer in one["layers"].Element.EnumerateObject())
        {
            state[$"{layer.Name}.weight"].mul_(one["layers"][layer.Name].Number("factor"));
            state[$"{layer.Name}.bias"].copy_(tensor(one["layers"][layer.Name].Numbers("bias")));
        }

        return model;
    }

    /// <summary>Takes back what the case does to the last layers.</summary>
    internal static void Reset(GeneralizedRcnn model, GoldenCase one)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var state = model.state_dict();
        foreach (var layer in one["layers"].Element.EnumerateObject())
        {
            state[$"{layer.Name}.weight"].div_(one["layers"][layer.Name].Number("factor"));
            var bias = state[$"{layer.Name}.bias"];
            bias.copy_(Golden.Tensor($"{layer.Name}.bias", bias.shape, 0.1));
        }
    }

    internal static Tensor[] Images(long salt = 0) => [.. Pictures.Select((size, i) =>
    {
        using var scope = NewDisposeScope();
        var coarse = nn.functional.interpolate(
            Golden.Tensor($"coarse{salt}{i}", [1, 3, 5, 7], 0.45, 0.5), size, mode: InterpolationMode.Bilinear, align_corners: false)[0];
        return (coarse + Golden.Tensor($"noise{salt}{i}", [3, .. size], 0.05)).MoveToOuterDisposeScope();
    })];

    internal static DetectionTarget[] Targets() => [.. Pictures.Select((size, i) =>
    {
        using var scope = NewDisposeScope();
        var masks = new byte[Boxes[i].Length, size[0], size[1]];
        for (var k = 0; k < Boxes[i].Length; k++)
        {
            var (x1, y1, x2, y2) = ((int)Boxes[i][k][0], (int)Boxes[i][k][1], (int)Boxes[i][k][2], (int)Boxes[i][k][3]);
            for (var y = y1; y < y2; y++)
                for (var x = x1; x < x1 + (x2 - x1) * (y - y1) / (y2 - y1); x++)
                    masks[k, y, x] = 1;
        }

        var boxes = tensor(Boxes[i].SelectMany(box => box).Select(side => (float)side).ToArray(), [Boxes[i].Length, 4]);
        return new DetectionTarget(boxes.MoveToOuterDisposeScope(), tensor(Labels[i]).MoveToOuterDisposeScope(), tensor(masks).MoveToOuterDisposeScope());
    })];
}
