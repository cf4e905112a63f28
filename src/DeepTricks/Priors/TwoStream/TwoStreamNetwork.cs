using DeepTricks.Backbones;
using DeepTricks.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Priors;

/// <summary>
/// Looks at the whole and at a part of it, such as the head of a bird, through an encoder each or one for both, and classifies by the features of both. A sample whose
/// part is missing is classified by the whole. State-dict names: "whole", "part" (where it has an encoder of its own), "fusion", "classifier".
/// </summary>
public sealed class TwoStreamNetwork : nn.Module<Tensor, Tensor>
{
    private const int PairDimensions = 5, MapDimensions = 4;
    private readonly TwoStreamOptions _options;

    // Of the whole and of the part, which may be one: an array's modules have the names that they are given below.
    private readonly nn.Module<Tensor, Tensor>[] _encoders;

    [ComponentName(Name = "fusion")]
    private readonly LateFusion _fusion;

    [ComponentName(Name = "classifier")]
    private readonly Linear _classifier;

    /// <summary>Makes the network of two encoders.</summary>
    /// <param name="whole">From images to features [N, D] or [N, D, h, w], which are averaged over their places; it becomes a part of the network.</param>
    /// <param name="part">The encoder of the parts; the same object for one that both share.</param>
    /// <param name="classes">The classes.</param>
    /// <param name="options">Widths and fusion; those of two ResNet-18, concatenated, where null.</param>
    public TwoStreamNetwork(nn.Module<Tensor, Tensor> whole, nn.Module<Tensor, Tensor> part, long classes, TwoStreamOptions? options = null)
        : base(nameof(TwoStreamNetwork))
    {
        ArgumentNullException.ThrowIfNull(whole);
        ArgumentNullException.ThrowIfNull(part);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        _options = options ?? new();
        _encoders = [whole, part];
        _fusion = new(_options.Fusion, _options.WholeFeatures, PartFeatures, _options.FusedFeatures, _options.Generator);
        _classifier = nn.Linear(_fusion.Width, classes);
        Layers.Uniform(_classifier, _options.Generator);
        register_module("whole", whole);
        if (!ReferenceEquals(whole, part))
        {
            register_module("part", part);
        }

        RegisterComponents();
    }

    private long PartFeatures => _options.PartFeatures ?? _options.WholeFeatures;

    /// <summary>Classifies pairs in one tensor, as <see cref="PartCrop.Pairs"/> makes them.</summary>
    /// <param name="pairs">[N, 2, C, H, W]: the whole, and the part, NaN all over where it is missing.</param>
    /// <returns>[N, classes].</returns>
    /// <exception cref="ArgumentException">The shape is another.</exception>
    public override Tensor forward(Tensor pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        if (pairs.dim() != PairDimensions || pairs.size(1) != 2)
        {
            throw new ArgumentException($"Expected pairs of images [N, 2, C, H, W]; the shape is {pairs.ShapeText()}.", nameof(pairs));
        }

        using var scope = NewDisposeScope();
        return Classify(pairs.select(1, 0), pairs.select(1, 1)).MoveToOuterDisposeScope();
    }

    /// <summary>Classifies wholes and parts of any sizes.</summary>
    /// <param name="whole">What the encoder of the whole takes, samples along the first dimension.</param>
    /// <param name="part">What the encoder of the parts takes, NaN all over where the part is missing; null where all are.</param>
    /// <returns>[N, classes].</returns>
    /// <remarks>The encoder of the parts sees those alone that are there: a missing one changes no other sample, and no statistics of a batch.</remarks>
    /// <exception cref="ArgumentException">There are more or fewer parts than wholes, or features have another width than the options say.</exception>
    public Tensor Classify(Tensor whole, Tensor? part)
    {
        ArgumentNullException.ThrowIfNull(whole);
        if (part is not null && (part.dim() < 2 || part.size(0) != whole.size(0) || !part.SharesDeviceWith(whole)))
        {
            throw new ArgumentException($"Expected {whole.size(0)} parts on {whole.device}; the shape is {part.ShapeText()}, the device {part.device}.", nameof(part));
        }

        using var scope = NewDisposeScope();
        var features = Encode(_encoders[0], whole, _options.WholeFeatures);
        var (parts, present) = EncodeParts(part, features);
        return _classifier.call(_fusion.call(features, parts, present)).MoveToOuterDisposeScope();
    }

    private (Tensor Features, Tensor Present) EncodeParts(Tensor? part, Tensor whole)
    {
        var rows = whole.size(0);
        if (part is null)
        {
            return (None(), zeros(rows, dtype: ScalarType.Bool, device: whole.device));
        }

        var present = PartCrop.Present(part);
        var there = present.nonzero().squeeze(1);
        if (there.numel() == rows)
        {
            return (Encode(_encoders[1], part, PartFeatures), present);
        }

        return there.numel() == 0
            ? (None(), present)
            : (None().index_copy(0, there, Encode(_encoders[1], part.index_select(0, there), PartFeatures)), present);

        Tensor None() => zeros([rows, PartFeatures], dtype: whole.dtype, device: whole.device);
    }

    private static Tensor Encode(nn.Module<Tensor, Tensor> encoder, Tensor input, long width)
    {
        var features = encoder.call(input);
        features = features.dim() == MapDimensions ? features.mean([2, 3]) : features;
        return features.dim() == 2 && features.size(1) == width
            ? features
            : throw new ArgumentException($"Expected features of width {width}, as the options say; an encoder gave the shape {features.ShapeText()}.", nameof(encoder));
    }
}
