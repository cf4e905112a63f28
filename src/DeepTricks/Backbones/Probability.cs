namespace DeepTricks.Backbones;

/// <summary>The check of a dropout's probability.</summary>
internal static class Probability
{
    internal static double Check(double value, string name) =>
        value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(name, value, "Expected a probability of at least 0 and below 1.");
}
