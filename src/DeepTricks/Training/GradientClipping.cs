using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Training;

/// <summary>Bounds the gradients: their norm over all parameters together (Pascanu et al., arXiv 1211.5063), or each element.</summary>
/// <remarks>Nothing waits for the device: unlike <c>clip_grad_norm_</c>, the norm is not read.</remarks>
public sealed class GradientClipping : Callback
{
    // As in PyTorch, so that a norm of zero is no division by zero.
    private const double Epsilon = 1e-6;

    private readonly double _bound;
    private readonly bool _byNorm;

    private GradientClipping(double bound, bool byNorm) => (_bound, _byNorm) = (bound, byNorm);

    /// <inheritdoc/>
    public override string Name => FormattableString.Invariant($"GradientClipping({(_byNorm ? "norm" : "value")} {_bound})");

    /// <inheritdoc/>
    public override CallbackEffects Effects => new() { Writes = TrainingParts.Gradients };

    /// <summary>Scales all gradients down together where their Euclidean norm is above a bound.</summary>
    /// <param name="bound">The bound, above 0; 1 is usual for transformers.</param>
    public static GradientClipping ByNorm(double bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return new(bound, true);
    }

    /// <summary>Brings each element of the gradients into [-bound, bound].</summary>
    /// <param name="bound">The bound, above 0.</param>
    public static GradientClipping ByValue(double bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return new(bound, false);
    }

    /// <inheritdoc/>
    public override void ClipGradients(StepContext step)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var gradients = new List<Tensor>();
        foreach (var parameter in step.Trainer.Parameters)
            if (parameter.grad is { } gradient)
                gradients.Add(gradient);
        if (gradients.Count == 0)
            return;
        if (!_byNorm)
        {
            foreach (var gradient in gradients)
                gradient.clamp_(-_bound, _bound);
            return;
        }
        var norm = stack(gradients.Select(gradient => gradient.norm())).norm();
        var factor = (_bound / (norm + Epsilon)).clamp(max: 1);
        foreach (var gradient in gradients)
            gradient.mul_(factor);
    }
}
