using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Training;

/// <summary>A second set of a model's floating parameters and buffers, which can change places with the first.</summary>
internal sealed class WeightAverage : IDisposable
{
    private readonly (string Name, Tensor Live, Tensor Average, bool IsParameter)[] _pairs;

    /// <summary>Starts from a copy of the model's weights.</summary>
    internal WeightAverage(nn.Module model)
    {
        using var ungraded = no_grad();
        var parameters = model.named_parameters().Select(pair => pair.name).ToHashSet();
        _pairs = [.. model.state_dict().Where(pair => pair.Value.is_floating_point()).Select(pair =>
            (pair.Key, pair.Value, pair.Value.detach().clone().DetachFromDisposeScope(), parameters.Contains(pair.Key)))];
    }

    /// <summary>Whether the average stands in the model now.</summary>
    internal bool IsSwapped { get; private set; }

    /// <summary>average = (1 - part) * average + part * weights. Buffers, which are running figures already, are copied.</summary>
    internal void Update(double part)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        using var kept = (1 - part).ToScalar();
        using var added = part.ToScalar();
        foreach (var (_, live, average, isParameter) in _pairs)
            if (isParameter)
                average.mul_(kept).add_(live, added);
            else
                average.copy_(live);
    }

    /// <summary>Exchanges the model's weights and the average.</summary>
    internal void Swap()
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        foreach (var (_, live, average, _) in _pairs)
        {
            var kept = live.detach().clone();
            live.copy_(average);
            average.copy_(kept);
        }
        IsSwapped = !IsSwapped;
    }

    internal void Save(CallbackState state)
    {
        foreach (var (name, _, average, _) in _pairs)
            state.Set("average." + name, average);
    }

    internal void Restore(CallbackState state)
    {
        foreach (var (name, _, average, _) in _pairs)
            state.CopyTo("average." + name, average);
    }

    public void Dispose()
    {
        foreach (var (_, _, average, _) in _pairs)
            average.Dispose();
    }
}
