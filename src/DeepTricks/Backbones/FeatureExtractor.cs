using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Backbones;

/// <summary>
/// Takes features at any layers of any model, by the names that the layers have in <c>named_modules()</c>, as torchvision's
/// <c>create_feature_extractor</c> does.
/// </summary>
/// <remarks>
/// The model runs whole and is not changed but for hooks, which see what goes through <c>call</c> until the extractor is disposed of. Gradients flow
/// through the features. An extractor serves one thread at a time.
/// </remarks>
public sealed class FeatureExtractor : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly List<KeyValuePair<string, string>> _asked;
    private readonly LayerRecorder _recorder;

    /// <summary>Takes features that are named as their layers.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layers">The names of the layers.</param>
    /// <exception cref="ArgumentException">There are none, a name is no layer's or comes twice, or the layer does not take and return one tensor.</exception>
    public FeatureExtractor(nn.Module<Tensor, Tensor> model, params IEnumerable<string> layers)
        : this(model, layers.Select(layer => KeyValuePair.Create(layer, layer)))
    {
    }

    /// <summary>Takes features under names of the caller's.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layers">The name of each layer, and that of its features: <c>new Dictionary&lt;string, string&gt; { ["layer4"] = "out" }</c>.</param>
    /// <param name="options">How they are taken; copies where null.</param>
    /// <exception cref="ArgumentException">There are none, a name is no layer's or comes twice, or the layer does not take and return one tensor.</exception>
    public FeatureExtractor(nn.Module<Tensor, Tensor> model, IEnumerable<KeyValuePair<string, string>> layers, FeatureExtractorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(layers);
        var asked = layers.ToList();
        if (asked.Count == 0) throw new ArgumentException("Expected the name of at least one layer.", nameof(layers));
        if ((Twice(asked, one => one.Key) ?? Twice(asked, one => one.Value)) is { } twice)
            throw new ArgumentException($"The name '{twice}' comes twice.", nameof(layers));
        _model = model;
        _asked = asked;
        Names = [.. asked.Select(one => one.Value)];
        _recorder = new(model, [.. asked.Select(one => new LayerPort(one.Key))], (options ?? new()).Copy, single: true);
    }

    /// <summary>The names of the features, in the order in which they were asked for.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Runs the model and gathers the features. Where a layer runs several times in a pass, the last one counts.</summary>
    /// <param name="input">What the model takes; it is not changed.</param>
    /// <returns>Features and output, in the dispose scope of the caller.</returns>
    /// <exception cref="InvalidOperationException">A layer did not run, at least not through <c>call</c>.</exception>
    public FeatureMaps Extract(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        try
        {
            _recorder.Begin();
            var output = _model.call(input);
            var features = new OrderedDictionary<string, Tensor>();
            foreach (var (layer, name) in _asked) features.Add(name, _recorder.Take(new(layer)));
            foreach (var found in features.Values) found.MoveToOuterDisposeScope();
            return new(output.MoveToOuterDisposeScope(), features);
        }
        finally
        {
            _recorder.Forget();
        }
    }

    /// <summary>Takes the hooks off the model, which stays the caller's.</summary>
    public void Dispose() => _recorder.Dispose();

    private static string? Twice(List<KeyValuePair<string, string>> asked, Func<KeyValuePair<string, string>, string> name) =>
        asked.GroupBy(name).FirstOrDefault(group => group.Count() > 1)?.Key;
}
