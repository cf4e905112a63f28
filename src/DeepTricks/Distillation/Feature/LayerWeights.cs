namespace DeepTricks.Distillation;

/// <summary>Weights of the layers in methods that sum over several of them.</summary>
public static class LayerWeights
{
    /// <summary>2^(i − n + 1): 1 for the last layer, half as much for each one before it, as activation boundaries and the overhaul of feature distillation have it.</summary>
    /// <param name="layers">n, at least 1.</param>
    /// <returns>A weight for each layer, the layer nearest to the input first.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are no layers.</exception>
    public static IReadOnlyList<double> HalvedTowardsInput(int layers)
    {
        FeatureChecks.Count(layers, nameof(layers));
        return [.. Enumerable.Range(0, layers).Select(i => Math.ScaleB(1, i - layers + 1))];
    }
}
