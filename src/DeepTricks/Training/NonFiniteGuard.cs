using System.Globalization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Training;

/// <summary>
/// Ends a run whose loss has become infinite or NaN with an exception that names the module it came from. It looks at the running mean of
/// the loss every so many steps, before the weights are changed; only when that is bad does it run the batch again to find the module.
/// </summary>
public sealed class NonFiniteGuard : Callback
{
    private readonly int _everySteps;

    /// <summary>Makes the callback.</summary>
    /// <param name="everySteps">The steps from one look to the next, at least 1; each look waits for the device once. 50 by default.</param>
    public NonFiniteGuard(int everySteps = 50)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(everySteps, 1);
        _everySteps = everySteps;
    }

    /// <inheritdoc/>
    public override CallbackEffects Effects => new() { Reads = TrainingParts.MainLoss | TrainingParts.Weights };

    /// <inheritdoc/>
    public override void BeforeBackward(StepContext step)
    {
        var trainer = step.Trainer;
        // The mean starts anew with each epoch, so that its last step is looked at, too.
        if (step.Pass > 0 || ((trainer.Step + 1) % _everySteps != 0 && (trainer.Step + 1) % trainer.StepsPerEpoch != 0))
            return;
        if (!double.IsFinite(trainer.ReadLoss()))
            throw Diagnose(step);
    }

    private static NonFiniteException Diagnose(StepContext step)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"The loss is not finite in step {step.Trainer.Step} or up to some steps before it");
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        if (!AllFinite(step.Input))
            return new($"{place}: the input of the model is not finite.", null);
        var parameters = step.Model.named_parameters().Where(pair => !AllFinite(pair.parameter)).Select(pair => pair.name).ToArray();
        var weights = parameters.Length > 0 ? $" Parameters that are not finite: {string.Join(", ", parameters)}." : "";
        var module = FirstBadModule(step);
        return module is null
            ? new($"{place}: the output of the model is finite, the loss is not.{weights}", null)
            : new($"{place}: the first module with such an output is \"{module}\".{weights}", module);
    }

    private static string? FirstBadModule(StepContext step)
    {
        string? found = null;
        var removers = new List<Action>();
        try
        {
            foreach (var (name, module) in step.Model.named_modules().Append(("", step.Model)))
                if (module is nn.Module<Tensor, Tensor> watched)
                {
                    var remover = watched.register_forward_hook((_, _, output) =>
                    {
                        if (found is null && !AllFinite(output))
                            found = name.Length > 0 ? name : "(the model)";
                        return output;
                    });
                    removers.Add(remover.remove);
                }
            step.Trainer.Objective.Forward(step.Input);
        }
        finally
        {
            foreach (var remove in removers)
                remove();
        }
        return found;
    }

    private static bool AllFinite(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return !tensor.is_floating_point() || tensor.detach().isfinite().all().item<bool>();
    }
}
