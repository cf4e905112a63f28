namespace DimensionSample;

/// <summary>One way of training the network, or of not training it.</summary>
/// <param name="Name">The name in the table and the chart.</param>
/// <param name="Epochs">Over all training images; 0 for none.</param>
/// <param name="LearningRate">Of plain gradient descent in batches of 64.</param>
/// <param name="Momentum">Its momentum.</param>
internal sealed record Arm(string Name, int Epochs, double LearningRate, double Momentum)
{
    /// <summary>
    /// Trained as far as the study's, untrained, and on labels that were shuffled. The study takes 188,000 steps of 4e-5, which go as far as 750 of 0.01: seven epochs of
    /// 7,000 images. It learns shuffled labels over 500 epochs; here the network learns those of the measured images alone, until it knows them.
    /// </summary>
    public static IReadOnlyList<Arm> All { get; } =
    [
        new("trained", Epochs: 7, LearningRate: 0.01, Momentum: 0),
        new("untrained", Epochs: 0, LearningRate: 0, Momentum: 0),
        new("shuffled labels", Epochs: 100, LearningRate: 0.02, Momentum: 0.9) { Shuffled = true },
    ];

    /// <summary>Whether the labels are shuffled, and those of the measured images learned alone.</summary>
    public bool Shuffled { get; private init; }
}
