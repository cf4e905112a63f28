using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A loss whose classes or elements may be weighted, of 2 arguments.</summary>
public abstract class WeightedLoss<T1, T2, TResult> : Loss<T1, T2, TResult>
{
    protected WeightedLoss(Tensor? weight = null, nn.Reduction reduction = nn.Reduction.Mean) : base(reduction) =>
        this.weight = weight;

    public Tensor? weight { get; }
}
