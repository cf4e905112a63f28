using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>
/// The mean of (p − t)² (d_p^α + d_t^α), where d_p and d_t are the distances to the boundaries of the prediction and of the target: errors far from both
/// cost most, as in the Hausdorff distance (Karimi and Salcudean, "Reducing the Hausdorff Distance in Medical Image Segmentation with Convolutional
/// Neural Networks", 2019; MONAI's HausdorffDTLoss).
/// </summary>
/// <remarks>The prediction's boundary is where p passes one half; distances are constants in the gradient.</remarks>
public sealed class HausdorffLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly HausdorffLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The settings; MONAI's over a softmax where null.</param>
    public HausdorffLoss(HausdorffLossOptions? options = null)
        : base(nameof(HausdorffLoss)) => _options = options ?? new();

    /// <summary>The loss of a batch.</summary>
    /// <param name="scores">[N, C, d1, ...] of one to three sides, of a floating type; logits or probabilities as the options say.</param>
    /// <param name="target">Labels [N, d1, ...], int64, or masks of the scores' shape (above 0.5 is inside), on their device.</param>
    /// <returns>A scalar; [N, C] of the classes that count without a reduction.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public override Tensor forward(Tensor scores, Tensor target) => Compute(scores, target, _options);

    /// <summary>The loss as a function.</summary>
    /// <param name="scores">[N, C, d1, ...] of one to three sides, of a floating type; logits or probabilities as the options say.</param>
    /// <param name="target">Labels [N, d1, ...], int64, or masks of the scores' shape (above 0.5 is inside), on their device.</param>
    /// <param name="options">The settings; MONAI's over a softmax where null.</param>
    /// <returns>A scalar; [N, C] of the classes that count without a reduction.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public static Tensor Compute(Tensor scores, Tensor target, HausdorffLossOptions? options = null)
    {
        options ??= new();
        using var scope = NewDisposeScope();
        var input = DistanceInput.Of(scores, target, options);
        var distances = Weights(input, options);
        var losses = input.MeanOfEach((input.Probabilities - input.Targets).square() * distances);
        var result = options.Reduction switch
        {
            nn.Reduction.None => losses,
            nn.Reduction.Sum => losses.sum(),
            _ => losses.mean(),
        };
        return result.to(scores.dtype).MoveToOuterDisposeScope();
    }

    private static Tensor Weights(DistanceInput input, HausdorffLossOptions options)
    {
        using var ungraded = no_grad();
        var spacing = options.SpacingOf(input.Sides);
        var dtype = input.Probabilities.dtype;
        var predicted = DistanceFields.Unsigned(input.Predicted(), dtype, spacing);
        var target = DistanceFields.Unsigned(input.Inside, dtype, spacing);
        return options.Exponent == 2
            ? predicted.square() + target.square()
            : predicted.pow(options.Exponent) + target.pow(options.Exponent);
    }
}
