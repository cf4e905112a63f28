using DeepTricks.Regularization;
using DeepTricks.Training;

namespace Regularizers;

/// <summary>One way of training the network.</summary>
/// <param name="Name">The name in the table and the charts.</param>
internal sealed record Arm(string Name)
{
    /// <summary>The six arms, with the strengths that their sources use most.</summary>
    public static IReadOnlyList<Arm> All { get; } =
    [
        new("baseline"),
        new("weight decay") { WeightDecay = 5e-4 },
        new("dropout") { Dropout = 0.5 },
        new("label smoothing") { Callback = () => new LabelSmoothingCallback(new() { Smoothing = 0.1 }) },
        new("confidence penalty") { Callback = () => new ConfidencePenaltyCallback(new() { Beta = 0.2 }) },
        new("feature contraction") { Callback = () => new FeatureContractionCallback(new() { Layers = DigitNetwork.FeatureLayers }) },
    ];

    public double WeightDecay { get; private init; }

    public double Dropout { get; private init; }

    /// <summary>Makes the trick; null where the arm needs none.</summary>
    public Func<Callback>? Callback { get; private init; }
}
