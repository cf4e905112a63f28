using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// BYOT: a network with classifiers at several depths, of which the last teaches the others, by its logits and its features:
/// (1 − α) Σ CE + α T² Σ KL(last ‖ exit) + β Σ |feature of the exit − last feature|² where either is above 0
/// (Zhang et al., "Be Your Own Teacher", ICCV 2019; code: luanyunteng/pytorch-be-your-own-teacher).
/// </summary>
/// <remarks>The code has the cross entropy with the soft targets in place of the divergence, which differs by a number that no gradient sees. Its own exits are called middle_fc1 to middle_fc3.</remarks>
public static class BeYourOwnTeacher
{
    /// <summary>
    /// The terms of all exits but the last, for a <see cref="Distiller"/> with a <see cref="SelfTeacher"/>: "exit-0", "soft-0", "feature-0", …. The cross entropy of the last
    /// exit, the network's output, is the objective's own loss, with the weight 1 − α.
    /// </summary>
    /// <param name="exits">The places of each exit's logits and of its features, which have the shape of the last ones.</param>
    /// <param name="lastFeature">The place of the features of the last exit.</param>
    /// <param name="options">The settings; the code's where null.</param>
    public static IReadOnlyList<TransferTerm> Terms(IReadOnlyList<(Tap Logits, Tap Feature)> exits, Tap lastFeature, BeYourOwnTeacherOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(exits);
        ArgumentNullException.ThrowIfNull(lastFeature);
        if (exits.Count == 0) throw new ArgumentException("Expected at least one exit before the last.", nameof(exits));
        options ??= new();
        var soft = new KnowledgeDistillationLoss(new() { Temperature = options.Temperature });
        var feature = new ActiveFeatureLoss();
        return [.. exits.SelectMany((exit, i) => (TransferTerm[])
        [
            LabelTerms.CrossEntropy($"exit-{i}", exit.Logits, 1 - options.Alpha),
            TransferTerm.Of($"soft-{i}", soft, exit.Logits, weight: options.Alpha),
            TransferTerm.Of($"feature-{i}", feature, exit.Feature, lastFeature, weight: options.FeatureWeight),
        ])];
    }
}
