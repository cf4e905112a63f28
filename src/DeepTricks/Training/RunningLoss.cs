using DeepTricks.Metrics;
using static TorchSharp.torch;

namespace DeepTricks.Training;

/// <summary>The means of the loss and of its terms over an epoch, weighted by rows. They are gathered on the device and read at its end.</summary>
internal sealed class RunningLoss : IDisposable
{
    private readonly List<(string Name, Mean Mean)> _terms = [];

    internal Mean Total { get; } = new();

    internal void Add(StepContext step)
    {
        // The loss of a micro-batch is its part of the batch's, so that parts add up and the rows count once.
        var rows = step.BatchRows;
        double weight = step.MicroBatch == 0 ? rows : 0;
        Total.Add(step.Loss, rows, weight);
        var terms = step.TermList;
        if (terms.Count < 2)
            return;
        for (var i = 0; i < terms.Count; i++)
            MeanOf(i, terms[i].Name).Add(terms[i].Value, rows * terms[i].Share(step.Rows, rows), weight);
    }

    internal void Report(Dictionary<string, double> metrics)
    {
        metrics["loss"] = Total.Compute();
        foreach (var (name, mean) in _terms)
            metrics["loss/" + name] = mean.Compute();
    }

    internal void Reset()
    {
        Total.Reset();
        foreach (var (_, mean) in _terms)
            mean.Reset();
    }

    internal void Save(CallbackState state)
    {
        Save(state, "total", Total);
        state.Set("terms", _terms.Count);
        for (var i = 0; i < _terms.Count; i++)
        {
            state.Set($"term{i}.name", _terms[i].Name);
            Save(state, $"term{i}", _terms[i].Mean);
        }
    }

    internal void Restore(CallbackState state, Device device)
    {
        Dispose();
        Restore(state, "total", Total, device);
        for (var i = 0; i < state.GetInt64("terms"); i++)
            Restore(state, $"term{i}", MeanOf(i, state.GetString($"term{i}.name")), device);
    }

    public void Dispose()
    {
        Total.Dispose();
        foreach (var (_, mean) in _terms)
            mean.Dispose();
        _terms.Clear();
    }

    private static void Save(CallbackState state, string name, Mean mean)
    {
        state.Set(name + ".weight", mean.Weight);
        if (mean.Sum is { } sum)
            state.Set(name + ".sum", sum);
    }

    private static void Restore(CallbackState state, string name, Mean mean, Device device)
    {
        if (state.Contains(name + ".sum"))
            mean.Restore(state.GetTensor(name + ".sum"), state.GetDouble(name + ".weight"), device);
    }

    // Terms come in the same order in every step as a rule, so that the place finds the mean; a name out of place is looked for.
    private Mean MeanOf(int place, string name)
    {
        if (place < _terms.Count && _terms[place].Name == name)
            return _terms[place].Mean;
        foreach (var (known, mean) in _terms)
            if (known == name)
                return mean;
        _terms.Add((name, new()));
        return _terms[^1].Mean;
    }
}
