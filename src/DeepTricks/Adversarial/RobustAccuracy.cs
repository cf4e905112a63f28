using DeepTricks.Data;
using DeepTricks.Kernels;
using DeepTricks.Metrics;
using static TorchSharp.torch;

namespace DeepTricks.Adversarial;

/// <summary>The accuracy that is left under attack.</summary>
/// <example><code>
/// var accuracy = RobustAccuracy.Compute(model, test, (input, labels) => FastGradientSign.Attack(model, input, labels));
/// </code></example>
public static class RobustAccuracy
{
    /// <summary>Attacks every batch of a source and counts what is still classified correctly, in evaluation mode.</summary>
    /// <param name="model">From inputs to logits [N, K].</param>
    /// <param name="source">The data; its epoch 0 is taken, and each batch has classes [N], int64, as targets.</param>
    /// <param name="attack">Adversarial inputs of (inputs, labels).</param>
    /// <returns>The part of the samples that is classified correctly, from 0 to 1; NaN where there are none.</returns>
    /// <exception cref="ArgumentException">A batch has no targets, or targets of another shape or type.</exception>
    public static double Compute(nn.Module<Tensor, Tensor> model, IBatchSource source, Func<Tensor, Tensor, Tensor> attack)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(attack);
        using var modes = new ModuleModes(model);
        model.eval();
        using var ungraded = no_grad();
        using var accuracy = new Accuracy();
        foreach (var batch in source.Epoch(0))
        {
            using (batch)
            {
                using var scope = NewDisposeScope();
                var labels = batch.Target ?? throw new ArgumentException("The batches have no targets.", nameof(source));
                accuracy.Update(model.call(attack(batch.Input, labels)), labels);
            }
        }

        return accuracy.Compute();
    }
}
