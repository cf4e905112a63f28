using DeepTricks.Interpretability;

namespace DimensionSample;

/// <summary>What the study reports for its network: read off figure 6B of the paper's repository (docs/figs/mnist_cb.pdf), to about 0.1.</summary>
internal static class Published
{
    private static readonly string[] Layers = ["input", .. DigitNetwork.Layers];

    public static DimensionProfile Trained { get; } = Profile("published, trained", [13.15, 12.6, 11.9, 9.7, 9.3, 7.8, 6.1]);

    public static DimensionProfile Shuffled { get; } = Profile("published, shuffled labels", [13.2, 13.5, 13.0, 12.8, 17.7, 21.4, 8.9]);

    private static DimensionProfile Profile(string name, double[] values) =>
        new(name, [.. Layers.Select((layer, i) => new LayerDimension(layer, 0, i / (Layers.Length - 1.0), values[i], 0, null))]);
}
