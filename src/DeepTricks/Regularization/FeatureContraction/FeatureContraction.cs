using System.Text.RegularExpressions;
using DeepTricks.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Regularization;

/// <summary>
/// An L2 penalty on the features of chosen layers, so that none grows extreme: λ · Σ over layers of mean(z²)
/// (Li and Maki, "Feature Contraction: New ConvNet Regularization in Image Classification", 2018).
/// </summary>
/// <remarks>
/// <para>
/// The object listens to the layers from its making to its disposal: each forward pass through <c>call</c> leaves its features
/// here, and <see cref="Penalty"/> turns them into the term and forgets them. A layer that runs several times in one pass counts each time.
/// </para>
/// <para>
/// The paper's formula is not public; the authors' example (VladimirLi/feature_contraction_example) penalises the pre-activations of one
/// hidden layer by mean(z²)/4, which the defaults follow.
/// </para>
/// </remarks>
public sealed class FeatureContraction : IDisposable
{
    private readonly List<Tensor> _features = [];
    private readonly LayerTap _tap;
    private readonly double _weight;

    /// <summary>Starts listening to a model's layers.</summary>
    /// <param name="model">The model; it is not changed but for the hooks.</param>
    /// <param name="options">Which layers, and λ.</param>
    /// <exception cref="ArgumentException">A pattern matches no layer, or a layer does not take and return one tensor.</exception>
    public FeatureContraction(nn.Module model, FeatureContractionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new();
        _weight = options.Weight;
        Layers = Choose(model, options.Layers);
        _tap = new(model, Layers, (_, layer, input, output) =>
        {
            if (layer.training)
            {
                // A copy: an activation that works in place, as those of the backbones do, overwrites the layer's output.
                _features.Add((options.Kind == FeatureKind.Output ? output.clone() : input.alias()).DetachFromDisposeScope());
            }
        });
    }

    /// <summary>The names of the layers listened to.</summary>
    public IReadOnlyList<string> Layers { get; }

    /// <summary>λ · Σ over given features of mean(z²).</summary>
    /// <param name="features">Tensors of any shape and floating type.</param>
    /// <param name="weight">λ.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">There are no features.</exception>
    public static Tensor Compute(IReadOnlyCollection<Tensor> features, double weight = FeatureContractionOptions.DefaultWeight)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.Count == 0)
        {
            throw new ArgumentException("There are no features: did the model run through call()?", nameof(features));
        }

        using var scope = NewDisposeScope();
        var sum = features.Select(z => z.square().mean()).Aggregate((a, b) => a + b);
        return (sum * weight).MoveToOuterDisposeScope();
    }

    /// <summary>The term of the last forward pass; its features are forgotten.</summary>
    /// <returns>A scalar to be added to the loss.</returns>
    /// <exception cref="InvalidOperationException">No forward pass came since the last call.</exception>
    public Tensor Penalty()
    {
        if (_features.Count == 0)
        {
            throw new InvalidOperationException($"None of the layers {string.Join(", ", Layers)} has run through call() since the last penalty.");
        }

        try
        {
            return Compute(_features, _weight);
        }
        finally
        {
            Forget();
        }
    }

    /// <summary>Drops the features of forward passes that are to cost nothing, as those of an evaluation.</summary>
    public void Forget()
    {
        foreach (var features in _features)
        {
            features.Dispose();
        }

        _features.Clear();
    }

    /// <summary>Stops listening.</summary>
    public void Dispose()
    {
        _tap.Dispose();
        Forget();
    }

    private static List<string> Choose(nn.Module model, IReadOnlyList<string> patterns)
    {
        var named = model.named_modules().ToList();
        if (patterns.Count == 0)
        {
            var layers = named.Where(one => one.module is Linear or Convolution).Select(one => one.name).ToList();
            return layers.Count > 0 ? layers : throw new ArgumentException("The model has no linear or convolutional layer; name the layers to contract.", nameof(model));
        }

        var chosen = new List<string>();
        foreach (var pattern in patterns)
        {
            var expression = new Regex($"^{Regex.Escape(pattern).Replace("\\*", ".*")}$");
            var matches = named.Select(one => one.name).Where(name => expression.IsMatch(name)).ToList();
            if (matches.Count == 0)
            {
                throw new ArgumentException($"No layer is named '{pattern}'; there are: {string.Join(", ", named.Select(one => one.name))}.", nameof(patterns));
            }

            chosen.AddRange(matches.Except(chosen));
        }

        return chosen;
    }
}
