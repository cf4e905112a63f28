using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>What training gives: the machines' weights [K, D] and biases [K], the regressions' [K, D, 4] and [K, 4], and what features are multiplied by.</summary>
internal sealed record RegionCnnWeights(Tensor Weight, Tensor Bias, (Tensor Weight, Tensor Bias)? Regression, double Scale) : IDisposable
{
    public IEnumerable<KeyValuePair<string, Tensor>> Tensors => Regression is { } regression
        ? [new("svm.weight", Weight), new("svm.bias", Bias), new("regression.weight", regression.Weight), new("regression.bias", regression.Bias)]
        : [new("svm.weight", Weight), new("svm.bias", Bias)];

    public RegionCnnWeights DetachFromDisposeScope()
    {
        foreach (var (_, tensor) in Tensors) tensor.DetachFromDisposeScope();
        return this;
    }

    public void Dispose()
    {
        foreach (var (_, tensor) in Tensors) tensor.Dispose();
    }
}
