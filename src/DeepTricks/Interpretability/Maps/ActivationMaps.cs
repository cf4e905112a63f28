using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>
/// Where in its maps a network finds the evidence for a class, as functions of a layer's activations: what <see cref="EvidenceMapper"/> computes, for
/// those who have activations and gradients at hand.
/// </summary>
/// <remarks>
/// Maps are un-normalised and signed, [N, height, width] of the layer, and differentiable; <see cref="Normalize"/> makes pictures of them. They equal
/// those of jacobgil/pytorch-grad-cam, and <see cref="Cam"/> that of frgfm/torch-cam.
/// </remarks>
public static class ActivationMaps
{
    private const double PlusPlusEpsilon = 1e-6, RangeEpsilon = 1e-7;

    /// <summary>
    /// CAM (Zhou et al., "Learning Deep Features for Discriminative Localization", 2016): Σ over channels of w(class, k) A(k). Where the head pools
    /// by the mean, the mean of the map and the head's bias are the logit.
    /// </summary>
    /// <param name="activations">[N, C, height, width], what is pooled.</param>
    /// <param name="weight">The head's weight, [K, C] or [K, C, 1, 1].</param>
    /// <param name="classes">The class of each map, [N] int64.</param>
    /// <exception cref="ArgumentException">The shapes do not fit each other.</exception>
    public static Tensor Cam(Tensor activations, Tensor weight, Tensor classes)
    {
        CheckHead(activations, weight);
        MapChecks.Classes(classes, activations.shape[0], weight.shape[0], nameof(classes));
        using var scope = NewDisposeScope();
        return Weighted(activations, weight.view(weight.shape[0], -1).index_select(0, classes)).MoveToOuterDisposeScope();
    }

    /// <summary>CAM of every class at once.</summary>
    /// <param name="activations">[N, C, height, width], what is pooled.</param>
    /// <param name="weight">The head's weight, [K, C] or [K, C, 1, 1].</param>
    /// <returns>[N, K, height, width].</returns>
    /// <exception cref="ArgumentException">The shapes do not fit each other.</exception>
    public static Tensor CamOfClasses(Tensor activations, Tensor weight)
    {
        CheckHead(activations, weight);
        using var scope = NewDisposeScope();
        return nn.functional.conv2d(activations, weight.view(weight.shape[0], -1, 1, 1)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Grad-CAM (Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization", 2017): a channel weighs
    /// as the mean of its gradient, before the ReLU of the paper, which <see cref="Normalize"/> applies.
    /// </summary>
    /// <param name="activations">[N, C, height, width].</param>
    /// <param name="gradients">Those of the score of the class, of the same shape.</param>
    /// <exception cref="ArgumentException">The shapes do not fit each other.</exception>
    public static Tensor GradCam(Tensor activations, Tensor gradients)
    {
        CheckGradients(activations, gradients);
        using var scope = NewDisposeScope();
        return Weighted(activations, gradients.mean([2, 3])).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Grad-CAM++ (Chattopadhay et al., "Grad-CAM++: Generalized Gradient-based Visual Explanations", 2018, equation 19): positive gradients, each weighed by
    /// g² / (2 g² + g³ ΣA + 10⁻⁶).
    /// </summary>
    /// <inheritdoc cref="GradCam"/>
    public static Tensor GradCamPlusPlus(Tensor activations, Tensor gradients)
    {
        CheckGradients(activations, gradients);
        using var scope = NewDisposeScope();
        // Negative gradients count nothing. Left in, their share could be infinite, and infinity times nothing is no number.
        var positive = gradients.relu();
        var squares = positive.square();
        var shares = squares / ((2 * squares) + (activations.sum([2, 3], keepdim: true) * squares * positive) + PlusPlusEpsilon);
        return Weighted(activations, (positive * shares).sum([2, 3])).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Layer-CAM (Jiang et al., "LayerCAM: Exploring Hierarchical Class Activation Maps for Localization", 2021): each place weighs as its own
    /// positive gradient, which keeps the detail of early layers.
    /// </summary>
    /// <inheritdoc cref="GradCam"/>
    public static Tensor LayerCam(Tensor activations, Tensor gradients)
    {
        CheckGradients(activations, gradients);
        using var scope = NewDisposeScope();
        return (gradients.relu() * activations).sum(1L).MoveToOuterDisposeScope();
    }

    /// <summary>The sum of the channels, each with its weight.</summary>
    /// <param name="activations">[N, C, height, width].</param>
    /// <param name="weights">[N, C].</param>
    /// <exception cref="ArgumentException">The shapes do not fit each other.</exception>
    public static Tensor Weighted(Tensor activations, Tensor weights)
    {
        MapChecks.Activations(activations, nameof(activations));
        ArgumentNullException.ThrowIfNull(weights);
        if (!weights.shape.SequenceEqual(activations.shape[..2]))
            throw new ArgumentException($"The shape is {weights.ShapeText()}; expected [{activations.shape[0]}, {activations.shape[1]}], a weight for each channel.", nameof(weights));

        using var scope = NewDisposeScope();
        return ChannelSum.Of(activations, weights).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Maps to look at: what is negative becomes 0, each map is stretched to [0, 1] (a flat one becomes 0) and resized by bilinear interpolation.
    /// For a loss take the map itself: this one hides how large the evidence is.
    /// </summary>
    /// <param name="maps">[N, height, width].</param>
    /// <param name="height">The height that the maps are to have.</param>
    /// <param name="width">The width that they are to have.</param>
    /// <returns>[N, <paramref name="height"/>, <paramref name="width"/>] in [0, 1].</returns>
    /// <exception cref="ArgumentException">The maps are of another shape or not of a floating type, or a size is below 1.</exception>
    public static Tensor Normalize(Tensor maps, long height, long width)
    {
        MapChecks.Maps(maps, nameof(maps));
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        using var scope = NewDisposeScope();
        var stretched = Stretch(maps.relu());
        if (!maps.shape[1..].SequenceEqual([height, width]))
            stretched = nn.functional.interpolate(stretched.unsqueeze(1), [height, width], mode: InterpolationMode.Bilinear, align_corners: false).squeeze(1);
        return stretched.MoveToOuterDisposeScope();
    }

    /// <summary>Maps of several layers as one to look at: each normalised and resized, their mean, stretched again.</summary>
    /// <param name="maps">For each layer [N, height, width], of any size.</param>
    /// <param name="height">The height of the result.</param>
    /// <param name="width">Its width.</param>
    /// <returns>[N, <paramref name="height"/>, <paramref name="width"/>] in [0, 1].</returns>
    /// <exception cref="ArgumentException">There are none, they are of another shape, or a size is below 1.</exception>
    public static Tensor Fuse(IReadOnlyList<Tensor> maps, long height, long width)
    {
        ArgumentNullException.ThrowIfNull(maps);
        if (maps.Count == 0) throw new ArgumentException("Expected the maps of at least one layer.", nameof(maps));
        if (maps.Select(one => one.shape[0]).Distinct().Count() > 1) throw new ArgumentException("The layers have maps of different numbers of samples.", nameof(maps));
        using var scope = NewDisposeScope();
        return Stretch(stack(maps.Select(one => Normalize(one, height, width))).mean([0])).MoveToOuterDisposeScope();
    }

    private static Tensor Stretch(Tensor maps)
    {
        var above = maps - maps.amin([1, 2], keepdim: true);
        return above / (above.amax([1, 2], keepdim: true) + RangeEpsilon);
    }

    private static void CheckHead(Tensor activations, Tensor weight)
    {
        MapChecks.Activations(activations, nameof(activations));
        ArgumentNullException.ThrowIfNull(weight);
        if (!(weight.dim() is 2 or 4 && weight.shape[1] == activations.shape[1] && weight.shape[2..].All(size => size == 1)))
            throw new ArgumentException($"The shape is {weight.ShapeText()}; expected [classes, {activations.shape[1]}], a weight for each channel.", nameof(weight));
    }

    private static void CheckGradients(Tensor activations, Tensor gradients)
    {
        MapChecks.Activations(activations, nameof(activations));
        ArgumentNullException.ThrowIfNull(gradients);
        if (!gradients.shape.SequenceEqual(activations.shape))
            throw new ArgumentException($"The shape is {gradients.ShapeText()}; expected {activations.ShapeText()}, that of the activations.", nameof(gradients));
    }
}
