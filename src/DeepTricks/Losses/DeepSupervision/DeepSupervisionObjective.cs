using DeepTricks.Training;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>Trains a network by all of its outputs; metrics and callbacks see the main one.</summary>
public sealed class DeepSupervisionObjective : Objective
{
    private readonly Func<Tensor, IReadOnlyList<Tensor>> _outputs;
    private readonly DeepSupervision _supervision;
    private IReadOnlyList<Tensor> _last = [];

    /// <summary>Makes the objective.</summary>
    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="outputs">Runs the model on an input and gives all outputs, the main one first.</param>
    /// <param name="supervision">The loss over them.</param>
    public DeepSupervisionObjective(nn.Module model, Func<Tensor, IReadOnlyList<Tensor>> outputs, DeepSupervision supervision)
        : base(model)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(supervision);
        (_outputs, _supervision) = (outputs, supervision);
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        _last = _outputs(input);
        return _last.Count > 0 ? _last[0] : throw new InvalidOperationException("The model gave no output.");
    }

    /// <inheritdoc/>
    public override void Loss(StepContext step)
    {
        // A callback may have put another main output into the step since.
        IReadOnlyList<Tensor> outputs = [step.Output, .. _last.Skip(1)];
        _last = [];
        foreach (var term in _supervision.Terms(outputs, step.Target))
        {
            step.Terms.Add(term);
        }
    }
}
