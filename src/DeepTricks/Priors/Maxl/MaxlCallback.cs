using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Priors;

/// <summary>
/// Trains with <see cref="Maxl"/>: each step adds the term "maxl", and after it, or after every few, the generator makes a step of its own on the same batch. The
/// repository takes turns by epochs instead, which a loop by hand does. Checkpoints hold the auxiliary head, the generator and its optimiser.
/// </summary>
public sealed class MaxlCallback : Callback
{
    private const string HeadPrefix = "auxiliary.", GeneratorPrefix = "generator.";
    private readonly Maxl _maxl;
    private readonly optim.Optimizer _optimizer;
    private readonly int _interval;

    /// <summary>Makes the callback.</summary>
    /// <param name="maxl">The trick, made for the trainer's model; it stays the caller's. <c>Objective.Supervised(network, maxl.PrimaryLoss)</c> is its objective.</param>
    /// <param name="generatorOptimizer">The optimiser of the generator's parameters; it stays the caller's.</param>
    /// <param name="interval">After how many steps the generator makes one; 1 by default.</param>
    public MaxlCallback(Maxl maxl, optim.Optimizer generatorOptimizer, int interval = 1)
    {
        ArgumentNullException.ThrowIfNull(maxl);
        ArgumentNullException.ThrowIfNull(generatorOptimizer);
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, 1);
        (_maxl, _optimizer, _interval) = (maxl, generatorOptimizer, interval);
    }

    /// <inheritdoc/>
    public override CallbackEffects Effects => new() { Reads = TrainingParts.Inputs | TrainingParts.Targets, Writes = TrainingParts.LossTerms };

    /// <summary>Forgets forward passes other than that of the loss.</summary>
    /// <param name="step">The step.</param>
    public override void BeforeForward(StepContext step) => _maxl.Forget();

    /// <inheritdoc/>
    public override void AfterLoss(StepContext step) =>
        step.Terms.Add(new("maxl", _maxl.AuxiliaryLoss(step.Input, step.Target), _maxl.Options.AuxiliaryWeight));

    /// <inheritdoc/>
    public override void AfterStep(StepContext step)
    {
        if (step.Trainer.Step % _interval != 0)
        {
            return;
        }

        var rate = step.Trainer.Optimizer.ParamGroups.First().LearningRate;
        _optimizer.zero_grad();
        _maxl.MetaGradient(step.BatchInput, step.BatchTarget!, rate);
        _optimizer.step();
        _optimizer.zero_grad();
    }

    /// <inheritdoc/>
    public override void SaveState(CallbackState state)
    {
        ModuleState.Save(state, HeadPrefix, _maxl.Auxiliary);
        ModuleState.Save(state, GeneratorPrefix, _maxl.Generator);
        OptimizerCheckpoint.Save(_optimizer, state);
    }

    /// <inheritdoc/>
    public override void RestoreState(CallbackState state, Trainer trainer)
    {
        ModuleState.Restore(state, HeadPrefix, _maxl.Auxiliary);
        ModuleState.Restore(state, GeneratorPrefix, _maxl.Generator);
        OptimizerCheckpoint.Restore(_optimizer, state);
    }
}
