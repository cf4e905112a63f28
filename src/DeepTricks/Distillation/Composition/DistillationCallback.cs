using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Adds the terms of a <see cref="Distiller"/> to the loss of a run, whatever its objective. Connectors and losses that learn are saved and restored with it.
/// </summary>
/// <remarks>
/// The distiller's student is the model in training, and the parameters of its <see cref="Distiller.Learners"/> are in the optimiser: the start of a fit makes sure of
/// both, and of the teacher's not being there. Evaluations keep the objective's own loss. Where a batch is split (micro-batches), a loss that
/// relates samples to each other sees those of a micro-batch.
/// </remarks>
public sealed class DistillationCallback : Callback, IDisposable
{
    private readonly Schedule? _mainWeight;

    /// <summary>Makes the callback.</summary>
    /// <param name="distiller">Student, teacher and terms; the callback disposes of it.</param>
    /// <param name="mainWeight">
    /// What the weights of the objective's own terms are multiplied by, over time: 1 - α where the terms have α, 0 for the teacher alone. They stay as they are where null.
    /// </param>
    public DistillationCallback(Distiller distiller, Schedule? mainWeight = null)
    {
        ArgumentNullException.ThrowIfNull(distiller);
        (Distiller, _mainWeight) = (distiller, mainWeight);
    }

    /// <summary>Student, teacher and terms.</summary>
    public Distiller Distiller { get; }

    /// <inheritdoc/>
    public override string Name => $"{nameof(DistillationCallback)}({string.Join(", ", Distiller.Terms.Select(term => term.Name))})";

    /// <inheritdoc/>
    public override CallbackEffects Effects => new()
    {
        Reads = TrainingParts.Inputs | TrainingParts.Targets | TrainingParts.Output,
        Writes = TrainingParts.LossTerms | (Distiller.ChannelsLast ? TrainingParts.Inputs : TrainingParts.None),
    };

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The model is another than the distiller's student, or the optimiser lacks a learner or has a tensor of the teacher.</exception>
    public override void FitStart(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        if (!ReferenceEquals(trainer.Model, Distiller.Student))
            throw new InvalidOperationException($"The distiller's student is not the model in training ({trainer.Model.GetName()}).");
        Tensor[] optimised = [.. trainer.Optimizer.parameters()];
        Distiller.CheckApart(optimised.Select((tensor, i) => ($"{i}", tensor)), "optimiser", nameof(trainer));
        var handles = optimised.Select(tensor => tensor.Handle).ToHashSet();
        if (Distiller.Learners.named_parameters().FirstOrDefault(one => one.parameter.requires_grad && !handles.Contains(one.parameter.Handle)) is { parameter: not null } missing)
            throw new InvalidOperationException(
                $"The optimiser does not have '{missing.name}' of the distiller's learners: give it [.. student.parameters(), .. distiller.Learners.parameters()].");
    }

    /// <inheritdoc/>
    public override void BeforeForward(StepContext step)
    {
        ArgumentNullException.ThrowIfNull(step);
        step.Input = Distiller.Laid(step.Input);
        Distiller.Listen();
    }

    /// <inheritdoc/>
    public override void AfterLoss(StepContext step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var time = step.Trainer.Time;
        if (_mainWeight is not null)
        {
            var weight = _mainWeight.At(time);
            for (var i = 0; i < step.MainTerms; i++)
                step.Terms[i] = step.Terms[i] with { Weight = step.Terms[i].Weight * weight };
        }
        foreach (var term in Distiller.Compute(step.Output, step.Input, step.HasTarget ? step.Target : null, step.Indices, time))
            step.Terms.Add(term);
    }

    /// <inheritdoc/>
    public override void SaveState(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        ModuleState.Save(state.Section("learners"), "", Distiller.Learners);
        Distiller.Teacher.SaveState(state.Section("teacher"));
    }

    /// <inheritdoc/>
    public override void RestoreState(CallbackState state, Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(state);
        ModuleState.Restore(state.Section("learners"), "", Distiller.Learners);
        Distiller.Teacher.RestoreState(state.Section("teacher"));
    }

    /// <summary>Disposes of the distiller.</summary>
    public void Dispose() => Distiller.Dispose();
}
