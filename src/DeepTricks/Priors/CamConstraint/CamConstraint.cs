using DeepTricks.Kernels;
using DeepTricks.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Priors;

/// <summary>
/// Keeps the evidence for a class inside the object: where the class activation map (Zhou et al., "Learning Deep Features for Discriminative Localization", 2016) of the target
/// class lies outside the object's mask, it costs. Evidence for other classes is free: background can prove that a bird is no kakapo, never that it is one.
/// </summary>
/// <remarks>
/// The map is the plain product of the last linear layer's weights and the features before the global average, in the graph and not normalised: over its places it has the mean
/// logit − bias (relative to that of all classes, by default), so that what is outside is a part of the logit. It costs one product of small matrices a step, and
/// nothing at inference.
/// </remarks>
public sealed class CamConstraint : LayerPrior
{
    private readonly nn.Module _classifier;
    private readonly CamConstraintOptions _options;

    /// <summary>Constrains the classifier of a model: features, global average, one linear layer.</summary>
    /// <param name="model">The model; it is not changed but for a hook.</param>
    /// <param name="layer">The layer whose output [N, C, h, w] is averaged over its places, by its name in <c>named_modules()</c>: "layer4" of a ResNet.</param>
    /// <param name="classifier">The last layer, a <see cref="Linear"/> from C or a <see cref="Conv2d"/> of 1 x 1: "fc" of a ResNet.</param>
    /// <param name="options">The settings; positive evidence, in the unit of a logit, where null.</param>
    /// <exception cref="ArgumentException">A name is no layer's, or the classifier is of another kind.</exception>
    public CamConstraint(nn.Module model, string layer, string classifier, CamConstraintOptions? options = null)
        : this(model, layer, Find(model, classifier), null, options)
    {
    }

    /// <summary>Constrains a head of its own, which learns the classes beside a classifier of any form and is dropped after training.</summary>
    /// <param name="model">The model; it is not changed but for a hook.</param>
    /// <param name="layer">The layer whose output [N, C, h, w] the head takes.</param>
    /// <param name="head">The head; its parameters go into the optimiser, and it stays the caller's.</param>
    /// <param name="options">The settings; positive evidence, in the unit of a logit, where null.</param>
    /// <exception cref="ArgumentException">The name is no layer's.</exception>
    public CamConstraint(nn.Module model, string layer, CamHead head, CamConstraintOptions? options = null)
        : this(model, layer, head ?? throw new ArgumentNullException(nameof(head)), head, options)
    {
    }

    private CamConstraint(nn.Module model, string layer, nn.Module classifier, CamHead? head, CamConstraintOptions? options)
        : base(model, layer, head) => (_classifier, _options) = (classifier, options ?? new());

    /// <summary>
    /// The map of evidence for each sample's target: at each place Σ over channels of weight · feature, by default relative to the mean over the classes.
    /// </summary>
    /// <param name="features">[N, C, h, w], before the global average.</param>
    /// <param name="weight">The last layer's weights, [K, C] or [K, C, 1, 1]. Their gradient flows.</param>
    /// <param name="labels">Classes [N], int64, or probabilities [N, K]; not needed for one class.</param>
    /// <param name="options">Of which <see cref="CamConstraintOptions.Class"/> and <see cref="CamConstraintOptions.Relative"/> count; relative where null.</param>
    /// <returns>[N, h, w].</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor Evidence(Tensor features, Tensor weight, Tensor? labels = null, CamConstraintOptions? options = null)
    {
        using var scope = NewDisposeScope();
        return TargetEvidence.Plain(features, weight, labels, options ?? new()).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The map of evidence for a network of any form behind the features, by Grad-CAM's weights (Selvaraju et al., 2017) summed over the places: for a global average and a
    /// linear layer it equals <see cref="Evidence"/> of the class alone. It costs a backward pass that is kept, and the normalisations behind the features must not mix samples.
    /// </summary>
    /// <param name="scores">[N, K], computed from <paramref name="features"/>: that very tensor must be in their graph. Scores less their mean over the classes give
    /// relative evidence.</param>
    /// <param name="features">[N, C, h, w].</param>
    /// <param name="labels">Classes [N], int64; not needed for one score.</param>
    /// <returns>[N, h, w].</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor GradientEvidence(Tensor scores, Tensor features, Tensor? labels = null)
    {
        using var scope = NewDisposeScope();
        return TargetEvidence.ByGradient(scores, features, labels).MoveToOuterDisposeScope();
    }

    /// <summary>The cost of evidence outside the objects, before the weight.</summary>
    /// <param name="evidence">[N, h, w], not normalised.</param>
    /// <param name="masks">[N, H, W] or [N, 1, H, W], of any size: 1 inside, 0 outside, parts between; <see cref="SampleMasks.Unknown"/> where a sample has none.</param>
    /// <param name="options">The settings.</param>
    /// <returns>A scalar: the mean over the samples that have a mask, 0 where none has.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor Outside(Tensor evidence, Tensor masks, CamConstraintOptions? options = null)
    {
        using var scope = NewDisposeScope();
        var (costs, counted) = OutsideEvidence.Costs(evidence, masks, options ?? new());
        return (costs.sum() / counted.sum().clamp_min(1)).MoveToOuterDisposeScope();
    }

    /// <summary>The cost of the last forward pass, before the weight; its features are forgotten.</summary>
    /// <param name="labels">Classes [N], int64, or probabilities [N, K]; [N] of 0 and 1 where the classifier has one output.</param>
    /// <param name="masks">[N, H, W] or [N, 1, H, W]: 1 inside, 0 outside; <see cref="SampleMasks.Unknown"/> where a sample has none.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="InvalidOperationException">No forward pass with gradients came since the last call.</exception>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public Tensor Penalty(Tensor labels, Tensor masks)
    {
        using var scope = NewDisposeScope();
        var (costs, counted) = Costs(Take(), labels, masks);
        return (costs.sum() / counted.sum().clamp_min(1)).MoveToOuterDisposeScope();
    }

    /// <summary>The terms of the last forward pass: "cam-constraint", and "cam-head" where the constraint has a head of its own, which learns by cross entropy.</summary>
    /// <inheritdoc cref="Penalty"/>
    public IReadOnlyList<LossTerm> Terms(Tensor labels, Tensor masks)
    {
        using var scope = NewDisposeScope();
        var features = Take();
        var (costs, counted) = Costs(features, labels, masks);
        var outside = (costs.sum() / counted.sum().clamp_min(1)).MoveToOuterDisposeScope();
        return [.. HeadTerms(features, labels), new("cam-constraint", outside, _options.Weight)];
    }

    internal override IEnumerable<LossTerm> TermsOf(StepContext step, Tensor rows, Tensor batchRows)
    {
        using var scope = NewDisposeScope();
        var features = Take();
        var (costs, _) = Costs(features, step.Target, rows);
        var known = Counted(SampleMasks.Present(batchRows.to(costs.dtype)), step.BatchTarget!);
        var outside = (costs.sum() / known.sum().clamp_min(1)).MoveToOuterDisposeScope();
        return [.. HeadTerms(features, step.Target), LossTerm.Sum("cam-constraint", outside, _options.Weight)];
    }

    private static nn.Module Find(nn.Module model, string classifier)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(classifier);
        var found = LayerTap.Find(model, [classifier], nameof(classifier))[0];
        return found is Linear or Conv2d
            ? found
            : throw new ArgumentException($"Expected a Linear or a Conv2d of 1 x 1; '{classifier}' is a {found.GetName()}.", nameof(classifier));
    }

    private Tensor Weight => _classifier switch
    {
        Linear linear => linear.weight,
        Conv2d convolution => convolution.weight,
        _ => ((CamHead)_classifier).Weight,
    };

    private (Tensor Costs, Tensor Counted) Costs(Tensor features, Tensor labels, Tensor masks)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var (costs, present) = OutsideEvidence.Costs(TargetEvidence.Plain(features, Weight, labels, _options), masks, _options);
        var counted = Counted(present, labels);
        return (costs * counted, counted);
    }

    /// <summary>The samples that count: those with a mask, or those of the one class among them.</summary>
    private Tensor Counted(Tensor present, Tensor labels)
    {
        if (!_options.PositivesOnly || (_options.Class is null && Weight.size(0) > 1))
        {
            return present;
        }

        var positive = Weight.size(0) == 1 ? 1 : _options.Class!.Value;
        return present * labels.reshape(-1).eq(positive).to(present.dtype);
    }

    private IEnumerable<LossTerm> HeadTerms(Tensor features, Tensor labels)
    {
        if (_classifier is not CamHead head)
        {
            return [];
        }

        var scores = head.call(features);
        var loss = scores.size(1) == 1
            ? nn.functional.binary_cross_entropy_with_logits(scores.reshape(-1), labels.reshape(-1).to(scores.dtype))
            : nn.functional.cross_entropy(scores, labels);
        return [new("cam-head", loss.MoveToOuterDisposeScope())];
    }
}
