namespace DeepTricks.Training;

/// <summary>What of a training step a callback may read or write.</summary>
[Flags]
public enum TrainingParts
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The inputs of the batch.</summary>
    Inputs = 1,

    /// <summary>The targets of the batch.</summary>
    Targets = 2,

    /// <summary>The model's output.</summary>
    Output = 4,

    /// <summary>The loss that the objective would compute itself.</summary>
    MainLoss = 8,

    /// <summary>The list of loss terms: adding to it, or changing weights.</summary>
    LossTerms = 16,

    /// <summary>The gradients.</summary>
    Gradients = 32,

    /// <summary>The weights, other than through the optimiser.</summary>
    Weights = 64,

    /// <summary>The learning rate of the optimiser.</summary>
    LearningRate = 128,
}
