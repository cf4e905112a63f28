using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>Guesses a layer's vectors from those of the layer before and the graph between them, of which a random half of the heads is left out.</summary>
internal sealed class GraphEstimator : nn.Module<Tensor, Tensor, Tensor>
{
#pragma warning disable IDE1006 // Names of the state dict.
    private readonly Linear fc0;
    private readonly BatchNorm1d bn0;
    private readonly Linear fc1;
#pragma warning restore IDE1006

    public GraphEstimator(long before, long after, long heads)
        : base(nameof(GraphEstimator))
    {
        var width = (before + after) / 2;
        fc0 = nn.Linear(before, width, hasBias: false);
        bn0 = nn.BatchNorm1d(width);
        fc1 = nn.Linear(width * heads, after);
        RegisterComponents();
    }

    /// <param name="before">Vectors [B, D] of the layer before.</param>
    /// <param name="graph">[heads, B, B], probabilities of which some rows are 0.</param>
    public override Tensor forward(Tensor before, Tensor graph)
    {
        using var scope = NewDisposeScope();
        var hidden = bn0.call(fc0.call(before)).relu();
        var gathered = graph.matmul(hidden).permute(1, 0, 2).flatten(1);
        return nn.functional.normalize(fc1.call(gathered), dim: 1).MoveToOuterDisposeScope();
    }
}
