using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>What the schemes with several outputs have in common.</summary>
internal static class LabelTerms
{
    /// <summary>The cross entropy of one output with the labels.</summary>
    internal static TransferTerm CrossEntropy(string name, Tap tap, double weight = 1) => TransferTerm.Of(name,
        (student, _, lesson) => nn.functional.cross_entropy(student[tap], lesson.LabelsFor($"The term \"{name}\"")), [tap], weight: weight);

    internal static void CheckSeveral(IReadOnlyList<Tap> taps, string parameter)
    {
        ArgumentNullException.ThrowIfNull(taps, parameter);
        if (taps.Count < 2) throw new ArgumentException($"Expected the outputs of at least two networks; {taps.Count} came.", parameter);
    }
}
