using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A loss whose classes or elements may be weighted, of 3 arguments.</summary>
public abstract class WeightedLoss<T1, T2, T3, TResult> : Loss<T1, T2, T3, TResult>
{
    protected WeightedLoss(Tensor? weight = null, nn.Reduction reduction = nn.Reduction.Mean) : base(reduction) =>
        this.weight = weight;

    public Tensor? weight { get; }
}
