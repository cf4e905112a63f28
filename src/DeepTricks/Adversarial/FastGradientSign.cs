using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Adversarial;

/// <summary>
/// Moves every element of an input by ε in the direction that raises the loss
/// (Goodfellow et al., "Explaining and Harnessing Adversarial Examples", 2015).
/// </summary>
public static class FastGradientSign
{
    /// <summary>Makes adversarial inputs. The model runs in evaluation mode, and afterwards has its modes and gradients as before.</summary>
    /// <param name="model">From inputs to logits [N, K].</param>
    /// <param name="input">[N, ...], of a floating type.</param>
    /// <param name="labels">[N], int64, on the input's device; whatever <paramref name="loss"/> takes.</param>
    /// <param name="options">ε and the range; ε = 0.25 in [0, 1] where null.</param>
    /// <param name="loss">What to raise, of the model's output and the labels: a scalar; null for the cross-entropy.</param>
    /// <returns>A tensor like the input, without gradients.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public static Tensor Attack(
        nn.Module<Tensor, Tensor> model, Tensor input, Tensor labels, FastGradientSignOptions? options = null, Func<Tensor, Tensor, Tensor>? loss = null)
    {
        AttackChecks.Check(model, input, labels);
        options ??= new();
        using var modes = new ModuleModes(model);
        model.eval();
        return new InputAttack(model, input, labels, loss).Step(input, options.Epsilon, options.Epsilon, options.Range);
    }
}
