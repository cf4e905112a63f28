using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Two networks and the fusion of their last maps, as one network, whose output are the fused logits; its places are <c>trunk</c>, <c>features.0</c>, <c>classifiers.0</c>, … and
/// <c>fusion</c>. It owns its parts.
/// </summary>
public sealed class FeatureFusionNetwork : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor>? _trunk;
    private readonly nn.Module<Tensor, Tensor>[] _features;
    private readonly nn.Module<Tensor, Tensor>[] _classifiers;
    private readonly FeatureFusion _fusion;

    /// <summary>Makes the network.</summary>
    /// <param name="features">Two networks from the input, or what the trunk gives, to maps of one shape.</param>
    /// <param name="classifiers">Two networks from those maps to logits [N, C].</param>
    /// <param name="fusion">Fuses the maps.</param>
    /// <param name="trunk">What both share; nothing where null.</param>
    /// <exception cref="ArgumentException">There are not two of each.</exception>
    public FeatureFusionNetwork(IReadOnlyList<nn.Module<Tensor, Tensor>> features, IReadOnlyList<nn.Module<Tensor, Tensor>> classifiers, FeatureFusion fusion,
        nn.Module<Tensor, Tensor>? trunk = null)
        : base(nameof(FeatureFusionNetwork))
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(classifiers);
        ArgumentNullException.ThrowIfNull(fusion);
        if (features.Count != 2 || classifiers.Count != 2)
            throw new ArgumentException($"Expected two networks and two classifiers; {features.Count} and {classifiers.Count} came.", nameof(features));
        (_trunk, _features, _classifiers, _fusion) = (trunk, [.. features], [.. classifiers], fusion);
        if (trunk is not null) register_module("trunk", trunk);
        register_module("features", new TorchSharp.Modules.ModuleList<nn.Module<Tensor, Tensor>>(_features));
        register_module("classifiers", new TorchSharp.Modules.ModuleList<nn.Module<Tensor, Tensor>>(_classifiers));
        register_module("fusion", fusion);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var shared = _trunk?.call(input) ?? input;
        var maps = Array.ConvertAll(_features, network => network.call(shared));
        for (var i = 0; i < maps.Length; i++) _classifiers[i].call(maps[i]);
        return _fusion.call(maps[0], maps[1]).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The terms of feature fusion learning, for a <see cref="Distiller"/> with a <see cref="SelfTeacher"/>: CE(0) + CE(1) + w(e) T² [KL(fused ‖ 0) + KL(fused ‖ 1) + KL(mean of both ‖ fused)]
    /// (Kim, Hyun, Chung and Kwak, "Feature Fusion for Online Mutual Knowledge Distillation", ICPR 2020). The cross entropy of the fused logits, the network's output, is the
    /// objective's own loss.
    /// </summary>
    /// <param name="options">T = 3 and the ramp over 80 epochs where null, as in the code.</param>
    public static IReadOnlyList<TransferTerm> Terms(NativeEnsembleOptions? options = null)
    {
        options ??= new();
        var loss = new KnowledgeDistillationLoss(new() { Temperature = options.Temperature });
        Tap[] both = ["classifiers.0", "classifiers.1"];
        return
        [
            LabelTerms.CrossEntropy("cross-entropy-0", both[0]),
            LabelTerms.CrossEntropy("cross-entropy-1", both[1]),
            TransferTerm.Of("fused-0", loss, both[0], weight: options.Weight),
            TransferTerm.Of("fused-1", loss, both[1], weight: options.Weight),
            TransferTerm.Of("mean", (student, teacher, _) => loss.call(student.Output, (teacher[both[0]] + teacher[both[1]]) / 2), teacher: both, weight: options.Weight),
        ];
    }
}
