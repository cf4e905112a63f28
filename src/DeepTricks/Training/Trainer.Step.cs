using DeepTricks.Data;
using DeepTricks.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Training;

public sealed partial class Trainer
{
    private Parameter[] _parameters = [];
    private bool _gradientsReady;

    /// <summary>The parameters of the model and of the optimiser, each once.</summary>
    internal IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>Another pass over the batch of this step.</summary>
    internal void Recompute(bool keepGradients)
    {
        if (!_gradientsReady)
            throw new InvalidOperationException("A batch can be computed again from UnscaleGradients to BeforeStep, and not from within such a pass.");
        if (!keepGradients)
            DropGradients();
        _step.Pass++;
        _gradientsReady = false;
        // Nobody needs the second pass's tensors but for its gradients.
        using var scope = NewDisposeScope();
        Backpropagate();
        _gradientsReady = true;
    }

    private void RunStep(Batch batch)
    {
        using var scope = NewDisposeScope();
        _step.Begin(batch, Options.Device);
        _events.Raise(TrainingEvent.BatchStart, _step);
        Backpropagate();
        _gradientsReady = true;
        _events.Raise(TrainingEvent.UnscaleGradients, _step);
        _events.Raise(TrainingEvent.TransformGradients, _step);
        _events.Raise(TrainingEvent.ClipGradients, _step);
        _events.Raise(TrainingEvent.BeforeStep, _step);
        _gradientsReady = false;
        if (!_step.StepSkipped)
            Optimizer.step();
        DropGradients();
        Step++;
        _events.Raise(TrainingEvent.AfterStep, _step);
        _events.Raise(TrainingEvent.BatchEnd, _step);
        _step.End();
    }

    private void Backpropagate()
    {
        var rows = _step.BatchRows;
        if (Options.MicroBatchSize is not { } size || size >= rows)
        {
            Backpropagate(0, 0, rows);
            return;
        }
        var index = 0;
        for (var start = 0L; start < rows; start += size)
        {
            using var scope = NewDisposeScope();
            Backpropagate(index++, start, Math.Min(size, rows - start));
        }
    }

    private void Backpropagate(int index, long start, long rows)
    {
        _step.BeginMicroBatch(index, start, rows);
        _events.Raise(TrainingEvent.BeforeForward, _step);
        _step.Output = Objective.Forward(_step.Input);
        _events.Raise(TrainingEvent.AfterForward, _step);
        _events.Raise(TrainingEvent.BeforeLoss, _step);
        if (!_step.MainLossTaken)
            Objective.Loss(_step);
        _step.MainTerms = _step.TermList.Count;
        _events.Raise(TrainingEvent.AfterLoss, _step);
        _step.Loss = Sum(_step);
        if (_step.Pass == 0)
            _running.Add(_step);
        _events.Raise(TrainingEvent.BeforeBackward, _step);
        _step.Loss.backward();
        _events.Raise(TrainingEvent.AfterBackward, _step);
        _step.EndMicroBatch();
    }

    private static Tensor Sum(StepContext step)
    {
        Tensor? sum = null;
        foreach (var term in step.TermList)
        {
            if (term.Value.numel() != 1)
                throw new InvalidOperationException(
                    $"Expected the term \"{term.Name}\" of the loss to have one element; its shape is {term.Value.ShapeText()}.");
            var factor = term.Weight * term.Share(step.Rows, step.BatchRows);
            var value = factor == 1 ? term.Value : term.Value * factor;
            sum = sum is null ? value : sum + value;
        }
        return sum ?? throw new InvalidOperationException("The objective and the callbacks have added no term to the loss.");
    }

    private void FindParameters() => _parameters = [.. Model.parameters().Concat(Optimizer.parameters()).Distinct()];

    private void DropGradients()
    {
        foreach (var parameter in _parameters)
            parameter.grad = null;
    }
}
