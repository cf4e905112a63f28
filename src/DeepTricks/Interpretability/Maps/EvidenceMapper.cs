using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>
/// Maps of the evidence that a classifier finds for a class, at chosen layers of any model by the names that they have in <c>named_modules()</c>. The
/// methods are <see cref="ClassActivationMapping"/>, <see cref="GradCam"/>, <see cref="GradCamPlusPlus"/>, <see cref="LayerCam"/> and <see cref="ScoreCam"/>.
/// </summary>
/// <remarks>
/// <para>
/// <see cref="Explain"/> is for looking: the model runs in evaluation and is put back into its modes, its gradients stay what they are, and nothing
/// of the pass is kept. <see cref="Trace"/> is for training: the maps are part of the graph, and a loss of them reaches the weights.
/// </para>
/// <para>
/// The model is not changed but for hooks on the layers, until the mapper is disposed of. A hooked layer's output goes on as a copy, so that an activation
/// that works in place does not change it. A mapper serves one thread at a time.
/// </para>
/// </remarks>
public abstract class EvidenceMapper : IDisposable
{
    private readonly LayerTap _tap;
    private readonly bool _needsGradients;
    private Dictionary<string, Tensor>? _caught;
    private DisposeScope? _scope;

    private protected EvidenceMapper(nn.Module<Tensor, Tensor> model, IEnumerable<string> layers, bool needsGradients)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(layers);
        Layers = [.. layers];
        if (Layers.Count == 0) throw new ArgumentException("Expected the name of at least one layer.", nameof(layers));
        if (Layers.Distinct().Count() < Layers.Count) throw new ArgumentException("The name of a layer comes twice.", nameof(layers));
        (Model, _needsGradients) = (model, needsGradients);
        _tap = new(model, Layers, (layer, _, _, output) => Catch(layer, output));
    }

    /// <summary>The layers' names, in the order in which they were given.</summary>
    public IReadOnlyList<string> Layers { get; }

    private protected nn.Module<Tensor, Tensor> Model { get; }

    /// <summary>Maps to look at. The model runs in evaluation and keeps its modes and gradients.</summary>
    /// <param name="images">What the model takes, [N, channels, height, width].</param>
    /// <param name="classes">The class of each sample to find evidence for, [N] int64; null, the default, for that with the highest score.</param>
    /// <returns>The maps without a graph, in the dispose scope of the caller.</returns>
    /// <exception cref="ArgumentException">Images, classes or what the model returns have another shape or type.</exception>
    /// <exception cref="InvalidOperationException">A layer did not run through <c>call</c>, or the scores do not depend on it.</exception>
    public EvidenceMaps Explain(Tensor images, Tensor? classes = null)
    {
        using var modes = new ModuleModes(Model);
        Model.eval();
        return Run(images, classes, differentiable: false);
    }

    /// <summary>
    /// Maps for a loss, un-normalised and in the graph, with the logits of the same pass. The model runs in the modes that it has: where a
    /// normalisation takes its statistics from the batch, gradients of a score with respect to activations mix the samples, so put such layers into evaluation
    /// first (<see cref="ClassActivationMapping"/> takes no gradients and need not care).
    /// </summary>
    /// <inheritdoc cref="Explain"/>
    /// <returns>The maps in the graph, in the dispose scope of the caller.</returns>
    public EvidenceMaps Trace(Tensor images, Tensor? classes = null) => Run(images, classes, differentiable: true);

    /// <summary>Takes the hooks off the model, which stays the caller's.</summary>
    public void Dispose()
    {
        _tap.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A map [N, height, width] of each layer.</summary>
    private protected abstract IReadOnlyList<Tensor> Maps(EvidencePass pass);

    private EvidenceMaps Run(Tensor images, Tensor? classes, bool differentiable)
    {
        MapChecks.Activations(images, nameof(images));
        using var scope = NewDisposeScope();
        using var grad = enable_grad(differentiable || _needsGradients);
        var (logits, activations) = Pass(images, scope);
        if (logits.dim() != 2 || logits.shape[0] != images.shape[0])
            throw new ArgumentException($"The model returns the shape {logits.ShapeText()}; expected [{images.shape[0]}, classes].", nameof(images));
        if (classes is null) classes = logits.detach().argmax(1);
        else MapChecks.Classes(classes, logits.shape[0], logits.shape[1], nameof(classes));

        var scores = logits.gather(1, classes.unsqueeze(1)).squeeze(1);
        var maps = Maps(new(images, classes, scores, Layers, activations, differentiable));
        var result = new OrderedDictionary<string, Tensor>();
        for (var i = 0; i < Layers.Count; i++) result.Add(Layers[i], Release(maps[i]));
        return new(Release(logits), classes.alias().MoveToOuterDisposeScope(), result, images.shape[^2], images.shape[^1]);

        Tensor Release(Tensor tensor) => (differentiable ? tensor : tensor.detach()).MoveToOuterDisposeScope();
    }

    private (Tensor Logits, IReadOnlyList<Tensor> Activations) Pass(Tensor images, DisposeScope scope)
    {
        var caught = new Dictionary<string, Tensor>();
        try
        {
            (_scope, _caught) = (scope, caught);
            var logits = Model.call(images);
            var activations = Layers.Select(layer => caught.TryGetValue(layer, out var found)
                ? found
                : throw new InvalidOperationException($"The layer '{layer}' did not run through call().")).ToList();
            for (var i = 0; i < Layers.Count; i++)
                if (activations[i].dim() != 4)
                    throw new InvalidOperationException($"The layer '{Layers[i]}' returns the shape {activations[i].ShapeText()}; expected [N, channels, height, width].");
            return (logits, activations);
        }
        finally
        {
            (_scope, _caught) = (null, null);
        }
    }

    private Tensor Catch(string layer, Tensor output)
    {
        if (_caught is null) return output;
        // A network that is frozen has no graph to take gradients in: it begins here.
        var own = _needsGradients && !output.requires_grad ? output.detach().requires_grad_() : output.alias();
        _scope!.Attach(own.DetachFromDisposeScope());
        // Where a layer runs several times in a pass, the last one counts.
        if (_caught.Remove(layer, out var earlier)) earlier.Dispose();
        _caught.Add(layer, own);
        return own.clone();
    }
}
