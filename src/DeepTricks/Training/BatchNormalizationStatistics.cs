using DeepTricks.Data;
using DeepTricks.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Training;

/// <summary>The running mean and variance of batch normalisation, for weights that were averaged rather than trained.</summary>
public static class BatchNormalizationStatistics
{
    /// <summary>Computes the running figures of all layers anew: their plain mean over the batches of a source. Nothing else changes.</summary>
    /// <param name="objective">The objective with its model.</param>
    /// <param name="source">The data; its epoch 0 is taken.</param>
    /// <param name="device">Where to move batches; null leaves them.</param>
    public static void Update(Objective objective, IBatchSource source, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(source);
        // A layer without momentum keeps no running mean that a batch's figures can be read from.
        var layers = objective.Model.modules().Prepend(objective.Model).Distinct().OfType<NormBase>().Where(layer => layer.track_running_stats && layer.momentum is > 0).ToArray();
        if (layers.Length == 0)
            return;
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        using var modes = new ModuleModes(objective.Model);
        var sums = layers.Select(layer => (Mean: zeros_like(layer.running_mean!), Variance: zeros_like(layer.running_var!))).ToArray();
        var batches = 0;
        objective.Model.train();
        foreach (var batch in source.Epoch(0))
            using (batch)
            {
                AddBatch(objective, device is null ? batch.Input : batch.Input.to(device), layers, sums);
                batches++;
            }
        for (var i = 0; i < layers.Length; i++)
        {
            layers[i].running_mean!.copy_(sums[i].Mean / batches);
            layers[i].running_var!.copy_(sums[i].Variance / batches);
        }
    }

    // From zero, one batch leaves momentum times its own figures.
    private static void AddBatch(Objective objective, Tensor input, NormBase[] layers, (Tensor Mean, Tensor Variance)[] sums)
    {
        using var scope = NewDisposeScope();
        foreach (var layer in layers)
        {
            layer.running_mean!.zero_();
            layer.running_var!.zero_();
        }
        objective.Forward(input);
        for (var i = 0; i < layers.Length; i++)
        {
            var momentum = layers[i].momentum!.Value;
            sums[i].Mean.add_(layers[i].running_mean! / momentum);
            sums[i].Variance.add_(layers[i].running_var! / momentum);
        }
    }
}
