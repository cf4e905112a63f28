using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Trains a super-net with <see cref="InPlaceDistillation"/> in the Trainer: "largest" on the labels, the sub-nets on what it says. Evaluations run the largest
/// sub-net.
/// </summary>
/// <remarks>The random sub-nets are a function of seed and step, so that a resumed run goes on as it would have, and micro-batches of a step have the same.</remarks>
public sealed class SuperNetObjective : Objective
{
    private readonly nn.Module<Tensor, Tensor> _network;
    private readonly InPlaceDistillation _distillation;

    /// <summary>Makes the objective.</summary>
    /// <param name="network">The super-net, from inputs to logits [N, K]; it stays the caller's.</param>
    /// <param name="options">The settings; two random sub-nets where null.</param>
    /// <exception cref="ArgumentException">No layer of the network has a choice of widths.</exception>
    public SuperNetObjective(nn.Module<Tensor, Tensor> network, InPlaceDistillationOptions? options = null)
        : base(network) => (_network, _distillation) = (network, new(new WidthSpace(network), options));

    /// <summary>The widths of the super-net.</summary>
    public WidthSpace Space => _distillation.Space;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        Space.Set(Space.Largest);
        return _network.call(input);
    }

    /// <inheritdoc/>
    public override void Loss(StepContext step)
    {
        ArgumentNullException.ThrowIfNull(step);
        step.Terms.Add(new("largest", nn.functional.cross_entropy(step.Output, step.Target)));

        // An evaluation has no gradients to give, and the loss of the largest alone to report.
        if (!is_grad_enabled())
        {
            return;
        }

        var input = step.Input;
        foreach (var term in _distillation.Terms(() => _network.call(input), step.Output, _distillation.Subnets(step.Trainer.Step)))
        {
            step.Terms.Add(term);
        }
    }
}
