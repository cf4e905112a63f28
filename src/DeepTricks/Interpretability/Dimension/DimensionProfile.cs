using DeepTricks.Backbones;
using DeepTricks.Kernels;
using DeepTricks.Reporting;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>
/// The intrinsic dimension along the layers of a network (Ansuini, Laio, Macke and Zoccolan, "Intrinsic dimension of data representations in deep neural networks", 2019):
/// in trained image networks it rises and then falls, in untrained ones it is flat, and where labels are learned by heart it stays high to the end.
/// </summary>
/// <param name="Name">What the profile is of, for charts.</param>
/// <param name="Layers">The layers in the order in which they were named, the inputs first.</param>
public sealed record DimensionProfile(string Name, IReadOnlyList<LayerDimension> Layers)
{
    private const string InputName = "input";

    /// <summary>Follows the dimension of some inputs through a network.</summary>
    /// <remarks>The network runs in evaluation mode and without gradients, once for each layer, so that the features of one layer alone are in memory.</remarks>
    /// <param name="name">What the profile is of.</param>
    /// <param name="model">The network; it is not changed but for hooks while this runs.</param>
    /// <param name="layers">Names of <c>named_modules()</c>, in the order in which they run.</param>
    /// <param name="inputs">What the network takes, at least a few hundred: [inputs, ...].</param>
    /// <param name="options">How; see <see cref="DimensionProfileOptions"/> for the defaults.</param>
    /// <returns>The profile.</returns>
    /// <exception cref="ArgumentException">A name is no layer's, or a layer's features are no points (see <see cref="NearestNeighbors.Find"/>).</exception>
    public static DimensionProfile Of(string name, nn.Module<Tensor, Tensor> model, IReadOnlyList<string> layers, Tensor inputs, DimensionProfileOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(inputs);
        options ??= new();
        using var modes = new ModuleModes(model);
        using var ungraded = no_grad();
        model.eval();
        var depths = Depths(model, layers, inputs);
        var profile = new List<LayerDimension>();
        if (options.Input) profile.Add(Measure(InputName, 0, inputs, options));
        foreach (var layer in layers)
        {
            using var scope = NewDisposeScope();
            profile.Add(Measure(layer, depths[layer], Features(model, layer, inputs, options.BatchSize), options));
        }

        return new(name, profile);
    }

    /// <summary>Profiles as lines, with their spread.</summary>
    /// <param name="title">The chart's heading.</param>
    /// <param name="byWeights">
    /// Whether layers stand at their relative depth, true by default, so that networks of different depth can be compared; else evenly, in their order, where layers without weights
    /// are of interest too.
    /// </param>
    /// <param name="profiles">The profiles, at least one.</param>
    /// <returns>The chart.</returns>
    /// <exception cref="ArgumentException">There is no profile, or one has no layer.</exception>
    public static LineChart Chart(string title, bool byWeights, params IReadOnlyList<DimensionProfile> profiles)
    {
        ArgumentNullException.ThrowIfNull(profiles);
        return new LineChart(title, new(byWeights ? "Relative depth" : "Layer"), new("Intrinsic dimension") { Minimum = 0 }, [.. profiles.Select(Line)]);

        Series Line(DimensionProfile profile)
        {
            double[] means = [.. profile.Layers.Select(layer => layer.Dimension)];
            double[] spreads = [.. profile.Layers.Select(layer => layer.StandardDeviation)];
            return new Series(profile.Name, [.. profile.Layers.Select((layer, i) => byWeights ? layer.RelativeDepth : i)], means)
                .WithBand([.. means.Zip(spreads, (mean, spread) => mean - spread)], [.. means.Zip(spreads, (mean, spread) => mean + spread)]);
        }
    }

    private static LayerDimension Measure(string layer, double depth, Tensor features, DimensionProfileOptions options)
    {
        var count = features.numel() / features.shape[0];
        var components = options.PrincipalComponents is { } principal ? PrincipalSpectrum.Of(features).Dimension(principal) : (int?)null;
        try
        {
            var dimension = TwoNN.Resample(features, options.Resampling, options.Estimate);
            return new(layer, count, depth, dimension.Mean, dimension.StandardDeviation, components);
        }
        catch (TooFewPointsException)
        {
            // A layer that gives the same for nearly all inputs has no dimension; the others have theirs.
            return new(layer, count, depth, double.NaN, double.NaN, components);
        }
    }

    private static Tensor Features(nn.Module<Tensor, Tensor> model, string layer, Tensor inputs, int batchSize)
    {
        using var scope = NewDisposeScope();
        using var extractor = new FeatureExtractor(model, layer);
        var parts = new List<Tensor>();
        for (var from = 0L; from < inputs.shape[0]; from += batchSize)
        {
            using var batch = NewDisposeScope();
            var maps = extractor.Extract(inputs.narrow(0, from, Math.Min(batchSize, inputs.shape[0] - from)));
            parts.Add(maps[layer].flatten(1).MoveToOuterDisposeScope());
        }

        return cat(parts).MoveToOuterDisposeScope();
    }

    /// <summary>The part of the layers of weights that have run when each layer has.</summary>
    private static Dictionary<string, double> Depths(nn.Module<Tensor, Tensor> model, IReadOnlyList<string> layers, Tensor inputs)
    {
        using var scope = NewDisposeScope();
        var passed = 0;
        var counts = new Dictionary<string, int>();
        var weights = model.named_modules().Where(named => HoldsWeights(named.module)).Select(named => named.name);
        // Blocks and not expressions: a number would be taken for the tensor that the model goes on with.
        using var counting = new LayerTap(model, weights, (_, _, _, _) => { passed++; });
        using var hearing = new LayerTap(model, layers, (layer, _, _, _) => { counts[layer] = passed; });
        model.call(inputs.narrow(0, 0, 1));
        return layers.ToDictionary(layer => layer, layer => counts.TryGetValue(layer, out var count)
            ? (double)count / Math.Max(passed, 1)
            : throw new InvalidOperationException($"The layer '{layer}' did not run through call()."));
    }

    private static bool HoldsWeights(nn.Module module) =>
        module is nn.Module<Tensor, Tensor> && !module.children().Any() && module.parameters(recurse: false).Any(parameter => parameter.dim() >= 2);
}
