using DeepTricks.Kernels;
using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Priors;

/// <summary>
/// Auxiliary heads that learn finer labels from a layer's features while a model trains, and are dropped after it. The labels of a task that lies within the main classes
/// are learned by <see cref="ConditionalLabelLoss"/>, which leaves the main class out.
/// </summary>
public sealed class AuxiliaryLabels : LayerPrior
{
    private readonly AuxiliaryHeads _heads;

    /// <summary>Starts listening to a model's layer.</summary>
    /// <param name="model">The model; it is not changed but for a hook.</param>
    /// <param name="layer">The layer whose output [N, C] or [N, C, h, w] the heads take, by its name in <c>named_modules()</c>.</param>
    /// <param name="heads">The heads; their parameters go into the optimiser, and they stay the caller's.</param>
    /// <exception cref="ArgumentException">The name is no layer's.</exception>
    public AuxiliaryLabels(nn.Module model, string layer, AuxiliaryHeads heads)
        : base(model, layer, heads) => _heads = heads ?? throw new ArgumentNullException(nameof(heads));

    /// <summary>The terms of the last forward pass, "auxiliary/" and the task's name, each the mean over its labelled samples; the features are forgotten.</summary>
    /// <param name="labels">[N, tasks], int64; one task takes [N] as well.</param>
    /// <returns>One term for each task.</returns>
    /// <exception cref="InvalidOperationException">No forward pass with gradients came since the last call.</exception>
    /// <exception cref="ArgumentException">The labels' shape or type does not fit, or one is no class.</exception>
    public IReadOnlyList<LossTerm> Terms(Tensor labels)
    {
        using var scope = NewDisposeScope();
        return [.. Losses(Columns(labels), nn.Reduction.Mean).Select((loss, i) => new LossTerm(NameOf(i), loss.MoveToOuterDisposeScope(), _heads.Tasks[i].Weight))];
    }

    internal override IEnumerable<LossTerm> TermsOf(StepContext step, Tensor rows, Tensor batchRows)
    {
        using var scope = NewDisposeScope();
        var all = Columns(batchRows);
        return [.. Losses(Columns(rows), nn.Reduction.Sum).Select((sum, i) =>
        {
            var labelled = all.select(1, i).ne(_heads.Tasks[i].IgnoreIndex).sum().clamp_min(1);
            return LossTerm.Sum(NameOf(i), (sum / labelled).MoveToOuterDisposeScope(), _heads.Tasks[i].Weight);
        })];
    }

    private string NameOf(int task) => $"auxiliary/{_heads.Tasks[task].Name}";

    private IEnumerable<Tensor> Losses(Tensor labels, nn.Reduction reduction) =>
        _heads.call(Take()).Select((scores, i) => ConditionalLabelLoss.Compute(scores, labels.select(1, i), _heads.Tasks[i], reduction));

    private Tensor Columns(Tensor labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var tasks = _heads.Tasks.Count;
        return labels.dim() == 1 && tasks == 1 ? labels.unsqueeze(1)
            : labels.dim() == 2 && labels.size(1) == tasks ? labels
            : throw new ArgumentException($"Expected labels [N, {tasks}]; the shape is {labels.ShapeText()}.", nameof(labels));
    }
}
