using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// KDCL-General: the shares of peers in their ensemble that make its error on held-out data the lowest, Σ w_i w_j C_ij with C_ij the mean product of the errors of i and j
/// (softmax less one-hot label), w ≥ 0 and Σ w = 1. Gather over a held-out set after an epoch, then <see cref="Compute"/>.
/// </summary>
public sealed class GeneralizationWeights : IDisposable
{
    private Tensor? _products;
    private long _rows;

    /// <summary>Adds a batch of held-out data. Does not wait for the device.</summary>
    /// <param name="outputs">The logits of each peer, [N, C].</param>
    /// <param name="labels">[N], int64.</param>
    public void Add(IReadOnlyList<Tensor> outputs, Tensor labels)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(labels);
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var all = stack(outputs.Select(output => output.detach().to(ScalarType.Float64)), 0);
        var errors = (all.softmax(2) - nn.functional.one_hot(labels, all.shape[2])).reshape(all.shape[0], -1);
        var products = errors.matmul(errors.t());
        var sum = (_products is null ? products : _products + products).DetachFromDisposeScope();
        _products?.Dispose();
        _products = sum;
        _rows += labels.shape[0];
    }

    /// <summary>The shares, in the order of the peers, for <see cref="TeacherCombination.Weighted"/>; forgets what was added.</summary>
    /// <exception cref="InvalidOperationException">Nothing was added.</exception>
    public double[] Compute()
    {
        if (_products is null) throw new InvalidOperationException("No held-out data was added.");
        using var scope = NewDisposeScope();
        double[] products = [.. (_products / _rows).cpu().data<double>()];
        var peers = (int)_products.shape[0];
        Dispose();
        return SimplexProgram.Minimize(products, new double[peers]);
    }

    /// <summary>Forgets what was added.</summary>
    public void Dispose()
    {
        _products?.Dispose();
        (_products, _rows) = (null, 0);
    }
}
