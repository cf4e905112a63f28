namespace DeepTricks.Distillation;

/// <summary>The size of the graphs of <see cref="MultiHeadGraphLoss"/>; by default as in the authors' code.</summary>
public sealed record MultiHeadGraphLossOptions
{
    /// <summary>How many graphs stand between two layers; 8 by default.</summary>
    public int Heads { get; init => field = AtLeastOne(value, nameof(Heads)); } = 8;

    /// <summary>Among how many singular vectors of the student the one most like the teacher's is chosen; 4 by default.</summary>
    public int StudentVectors { get; init => field = AtLeastOne(value, nameof(StudentVectors)); } = 4;

    private static int AtLeastOne(int value, string name) => value >= 1 ? value : throw new ArgumentOutOfRangeException(name, value, "Expected at least 1.");
}
