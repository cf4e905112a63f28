using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Training;

/// <summary>What a run is to achieve: how a batch becomes named terms of a loss.</summary>
public abstract class Objective
{
    /// <summary>Makes an objective.</summary>
    /// <param name="model">The model to train; it stays the caller's.</param>
    protected Objective(nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
    }

    /// <summary>The model to train.</summary>
    public nn.Module Model { get; }

    /// <summary>Computes the model's output.</summary>
    /// <param name="input">The input of a micro-batch.</param>
    public abstract Tensor Forward(Tensor input);

    /// <summary>Adds the terms of the loss of a micro-batch to <see cref="StepContext.Terms"/>.</summary>
    /// <param name="step">The micro-batch with its output and target.</param>
    public abstract void Loss(StepContext step);

    /// <summary>Classification with cross entropy.</summary>
    /// <param name="model">A model from inputs to scores [N, C].</param>
    /// <returns>An objective with the one term "cross-entropy"; targets are classes [N], int64, or probabilities [N, C].</returns>
    public static Objective Classification(nn.Module<Tensor, Tensor> model) =>
        new Simple(model, step => step.Terms.Add(new("cross-entropy", nn.functional.cross_entropy(step.Output, step.Target))));

    /// <summary>Any model and any loss of its output and the targets.</summary>
    /// <param name="model">The model.</param>
    /// <param name="loss">The loss of (output, target): a mean over the rows, a tensor of one element.</param>
    /// <returns>An objective with the one term "main".</returns>
    public static Objective Supervised(nn.Module<Tensor, Tensor> model, Func<Tensor, Tensor, Tensor> loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return new Simple(model, step => step.Terms.Add(new("main", loss(step.Output, step.Target))));
    }

    /// <summary>Any model and any terms.</summary>
    /// <param name="model">The model.</param>
    /// <param name="loss">Adds terms to <see cref="StepContext.Terms"/>.</param>
    /// <returns>The objective.</returns>
    public static Objective Of(nn.Module<Tensor, Tensor> model, Action<StepContext> loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return new Simple(model, loss);
    }

    private sealed class Simple(nn.Module<Tensor, Tensor> model, Action<StepContext> loss) : Objective(model)
    {
        private readonly nn.Module<Tensor, Tensor> _model = model;

        public override Tensor Forward(Tensor input) => _model.call(input);

        public override void Loss(StepContext step) => loss(step);
    }
}
