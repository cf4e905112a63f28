using DeepTricks.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>How far what runs through a network's batch normalisations is from what they were trained on: Σ ‖σ² − running σ²‖ + ‖μ − running μ‖.</summary>
internal sealed class NormStatistics : IDisposable
{
    private readonly LayerTap _tap;
    private readonly List<Tensor> _distances = [];
    private bool _listening;

    public NormStatistics(nn.Module network)
    {
        Layers = [.. network.named_modules().Where(one => one.module is BatchNorm2d { track_running_stats: true }).Select(one => one.name)];
        _tap = new(network, Layers, (_, layer, input, _) =>
        {
            if (_listening)
            {
                _distances.Add(Distance((BatchNorm2d)layer, input).DetachFromDisposeScope());
            }
        });
    }

    /// <summary>The layers listened to.</summary>
    public IReadOnlyList<string> Layers { get; }

    /// <summary>A pass's result and the sum over its layers; null where none ran.</summary>
    public (Tensor Result, Tensor? Distance) During(Func<Tensor> pass)
    {
        _listening = true;
        try
        {
            var result = pass();
            using var scope = NewDisposeScope();
            var sum = _distances.Count == 0 ? null : _distances.Aggregate((a, b) => a + b);
            return (result, sum is null ? null : sum.alias().MoveToOuterDisposeScope());
        }
        finally
        {
            _listening = false;
            _distances.ForEach(distance => distance.Dispose());
            _distances.Clear();
        }
    }

    public void Dispose() => _tap.Dispose();

    private static Tensor Distance(BatchNorm2d norm, Tensor input)
    {
        using var scope = NewDisposeScope();
        var mean = input.mean([0, 2, 3]);
        var variance = input.var([0, 2, 3], unbiased: false);
        var distance = (norm.running_var!.detach() - variance).norm() + (norm.running_mean!.detach() - mean).norm();
        return distance.MoveToOuterDisposeScope();
    }
}
