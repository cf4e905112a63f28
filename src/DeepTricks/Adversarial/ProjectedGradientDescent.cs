using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Adversarial;

/// <summary>
/// The strongest attack of first order in the maximum norm: small steps by the sign of the gradient, each taken back to within ε of the input
/// (Madry et al., "Towards Deep Learning Models Resistant to Adversarial Attacks", 2018).
/// </summary>
public static class ProjectedGradientDescent
{
    /// <summary>Makes adversarial inputs. The model runs in evaluation mode, and afterwards has its modes and gradients as before.</summary>
    /// <param name="model">From inputs to logits [N, K].</param>
    /// <param name="input">[N, ...], of a floating type.</param>
    /// <param name="labels">[N], int64, on the input's device; whatever <paramref name="loss"/> takes.</param>
    /// <param name="options">ε, the steps and the range; the settings of Madry et al. for MNIST where null.</param>
    /// <param name="generator">Draws the random start, the same on every device; a generator of the CPU.</param>
    /// <param name="loss">What to raise, of the model's output and the labels: a scalar; null for the cross-entropy.</param>
    /// <returns>A tensor like the input, without gradients.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, a label is no class, or a random start has no generator.</exception>
    public static Tensor Attack(
        nn.Module<Tensor, Tensor> model, Tensor input, Tensor labels, ProjectedGradientDescentOptions? options = null,
        Generator? generator = null, Func<Tensor, Tensor, Tensor>? loss = null)
    {
        AttackChecks.Check(model, input, labels);
        options ??= new();
        if (options.RandomStart && generator is null)
        {
            throw new ArgumentNullException(nameof(generator), "A random start draws from a generator; give one, or set RandomStart to false.");
        }

        using var modes = new ModuleModes(model);
        model.eval();
        using var scope = NewDisposeScope();
        var attack = new InputAttack(model, input, labels, loss);
        var current = options.RandomStart ? attack.Project(Start(input, options.Epsilon, generator!), options.Epsilon, options.Range) : input.detach();
        for (var step = 0; step < options.Steps; step++)
        {
            var next = attack.Step(current, options.StepSize, options.Epsilon, options.Range);
            current.Dispose();
            current = next;
        }

        return current.MoveToOuterDisposeScope();
    }

    private static Tensor Start(Tensor input, double epsilon, Generator generator)
    {
        using var ungraded = no_grad();
        // On the CPU, because TorchSharp makes generators of no other device.
        var drawn = rand(input.shape, dtype: ScalarType.Float32, device: CPU, generator: generator).to(input.dtype, input.device);
        return input + (((drawn * 2) - 1) * epsilon);
    }
}
