using DeepTricks.Losses;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Losses;

/// <summary>The segmentation losses in the settings that differ in their arithmetic, by name, and inputs for them.</summary>
internal static class SegmentationLosses
{
    public const long Ignored = 255;
    private static readonly double[] Weights = [0.5, 2, 1, 0.25, 3];

    /// <summary>Losses of images that take labels over a softmax and masks over a sigmoid.</summary>
    public static readonly IReadOnlyDictionary<string, Func<ScoreActivation, Func<Tensor, Tensor, Tensor>>> All =
        new Dictionary<string, Func<ScoreActivation, Func<Tensor, Tensor, Tensor>>>
        {
            ["dice"] = activation => new DiceLoss(new() { Activation = activation, IgnoreIndex = Ignored }).call,
            ["dice-squared"] = activation => new DiceLoss(new() { Activation = activation, IgnoreIndex = Ignored, Squared = true, ClassWeights = Weights }).call,
            ["dice-left-out"] = activation => new DiceLoss(new()
            {
                Activation = activation,
                IgnoreIndex = Ignored,
                EmptyTargets = EmptyTargetPolicy.LeaveOut,
                NumeratorSmoothing = 0,
                DenominatorSmoothing = 0,
                ClassWeights = Weights,
                NormalizeWeights = true,
            }).call,
            ["iou"] = activation => new IouLoss(IouLossOptions.SegmentationModels with { Activation = activation, IgnoreIndex = Ignored }).call,
            ["iou-sample"] = activation => new IouLoss(new() { Activation = activation, IgnoreIndex = Ignored, Pooling = OverlapPooling.Sample }).call,
            ["tversky"] = activation => new TverskyLoss(TverskyLossOptions.Focal with { Activation = activation, IgnoreIndex = Ignored, IncludeBackground = false }).call,
            ["generalized-dice"] = activation => new GeneralizedDiceLoss(new() { Activation = activation, IgnoreIndex = Ignored, OverBatch = true }).call,
            ["focal"] = activation => new FocalLoss(new() { Activation = activation, IgnoreIndex = Ignored, Alpha = 0.3, ClassWeights = Weights }).call,
            ["focal-0"] = activation => new FocalLoss(new() { Activation = activation, IgnoreIndex = Ignored, Gamma = 0 }).call,
            ["focal-half"] = activation => new FocalLoss(new() { Activation = activation, IgnoreIndex = Ignored, Gamma = 0.5, Reduction = nn.Reduction.Sum }).call,
            ["focal-1"] = activation => new FocalLoss(new() { Activation = activation, IgnoreIndex = Ignored, Gamma = 1, Reduction = nn.Reduction.None }).call,
            ["focal-3.5"] = activation => new FocalLoss(new() { Activation = activation, IgnoreIndex = Ignored, Gamma = 3.5, Reduction = nn.Reduction.None }).call,
            ["ssim"] = activation => new SsimLoss(new() { Activation = activation, IgnoreIndex = Ignored, WindowSize = 5, Reduction = nn.Reduction.None }).call,
            ["ms-ssim"] = activation => new MsSsimLoss(new() { Activation = activation, IgnoreIndex = Ignored, WindowSize = 3, LevelWeights = [0.3, 0.3, 0.4], K2 = 0.4 }).call,
            ["ms-ssim-unet3plus"] = activation => new MsSsimLoss(MsSsimLossOptions.UNet3Plus with { Activation = activation, IgnoreIndex = Ignored, LevelWeights = [0.3, 0.3, 0.4] }).call,
            ["unet3plus"] = activation => new UNet3PlusLoss(new()
            {
                Activation = activation,
                IgnoreIndex = Ignored,
                MsSsim = MsSsimLossOptions.UNet3Plus with { LevelWeights = [0.5, 0.5] },
            }).call,
            ["lovasz"] = activation => new LovaszSoftmaxLoss(new() { Activation = activation, IgnoreIndex = Ignored }).call,
            ["lovasz-image"] = activation => new LovaszSoftmaxLoss(new() { Activation = activation, IgnoreIndex = Ignored, PerImage = true, Classes = LovaszClasses.All }).call,
            ["lovasz-hinge"] = _ => new LovaszHingeLoss(new() { IgnoreIndex = Ignored }).call,
            ["lovasz-hinge-batch"] = _ => new LovaszHingeLoss(new() { IgnoreIndex = Ignored, PerImage = false, ClassesTogether = true }).call,
            ["boundary"] = activation => new BoundaryLoss(new() { Activation = activation, IgnoreIndex = Ignored, Spacing = [2, 0.5] }).call,
            ["hausdorff"] = activation => new HausdorffLoss(new() { Activation = activation, IgnoreIndex = Ignored, Exponent = 1.5, Reduction = nn.Reduction.Sum }).call,
        };

    /// <summary>Losses that only masks have.</summary>
    public static bool IsForMasks(string name) => name.StartsWith("lovasz-hinge");

    /// <summary>The classes that a loss's settings are for.</summary>
    public static long Classes => Weights.Length;

    /// <summary>Scores with labels (softmax) or masks, of which some are ignored.</summary>
    public static (Tensor Scores, Tensor Target) Inputs(ScoreActivation activation, long[] shape, ScalarType dtype, bool ignore = true)
    {
        var name = $"twin.{string.Join('x', shape)}";
        var scores = activation == ScoreActivation.None
            ? Golden.Tensor(name, shape, 0.49, 0.5, ScalarType.Float32)
            : Golden.Tensor(name, shape, 4, 0, ScalarType.Float32);
        var labels = activation == ScoreActivation.Softmax;
        var target = labels ? Golden.Integers($"{name}.labels", shape[1], [shape[0], .. shape[2..]]) : Golden.Integers($"{name}.masks", 2, shape);
        if (ignore)
        {
            target.view(-1)[TensorIndex.Slice(step: 5)] = Ignored;
        }

        // The same numbers in every type.
        return (scores.to(dtype).requires_grad_(), labels ? target : target.to(dtype));
    }
}
