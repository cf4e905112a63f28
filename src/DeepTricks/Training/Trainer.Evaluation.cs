using DeepTricks.Data;
using DeepTricks.Kernels;
using DeepTricks.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Training;

public sealed partial class Trainer
{
    /// <summary>
    /// Computes the objective's loss ("loss") and metrics over all batches of a source: in evaluation mode, without gradients, with the weights
    /// that callbacks swap in (averages).
    /// </summary>
    /// <param name="source">The data; its epoch 0 is taken.</param>
    /// <param name="metrics">What to compute beside the loss. They are reset, and stay the caller's.</param>
    /// <returns>The figures by name.</returns>
    public IReadOnlyDictionary<string, double> Evaluate(IBatchSource source, params IReadOnlyList<IMetric> metrics)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(metrics);
        var results = new Dictionary<string, double>();
        Evaluate(source, metrics, results);
        return results;
    }

    private void Validate(IBatchSource source, IReadOnlyList<IMetric> metrics)
    {
        var results = new Dictionary<string, double>();
        Evaluate(source, metrics, results, () =>
        {
            foreach (var (name, value) in results)
                _metrics["validation/" + name] = value;
        });
    }

    private void Evaluate(IBatchSource source, IReadOnlyList<IMetric> metrics, Dictionary<string, double> results, Action? report = null)
    {
        if (metrics.Select(metric => metric.Name).Append("loss").GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"Two figures have the name \"{twice.Key}\".", nameof(metrics));
        using var modes = new ModuleModes(Model);
        using var ungraded = no_grad();
        using var loss = new RunningLoss();
        foreach (var metric in metrics)
            metric.Reset();
        Model.eval();
        try
        {
            _events.Raise(TrainingEvent.EvaluationStart, _evaluation);
            foreach (var batch in source.Epoch(0))
                using (batch)
                    Evaluate(batch, metrics, loss);
            loss.Report(results);
            foreach (var metric in metrics)
                results[metric.Name] = metric.Compute();
            report?.Invoke();
        }
        finally
        {
            _events.Raise(TrainingEvent.EvaluationEnd, _evaluation);
            _evaluation.End();
        }
    }

    private void Evaluate(Batch batch, IReadOnlyList<IMetric> metrics, RunningLoss loss)
    {
        using var scope = NewDisposeScope();
        var step = _evaluation;
        step.Begin(batch, Options.Device);
        step.BeginMicroBatch(0, 0, step.BatchRows);
        step.Output = Objective.Forward(step.Input);
        Objective.Loss(step);
        step.Loss = Sum(step);
        loss.Add(step);
        foreach (var metric in metrics)
            metric.Update(step.Output, step.Target);
        _events.Raise(TrainingEvent.EvaluationBatchEnd, step);
    }
}
