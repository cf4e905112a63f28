using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>The range of what a layer is given, with the names of PyTorch's observers: everything seen, or a moving average.</summary>
internal sealed class ActivationObserver : nn.Module
{
#pragma warning disable IDE1006 // Names of the state dict.
    private readonly Tensor min_val;
    private readonly Tensor max_val;
#pragma warning restore IDE1006
    private readonly double? _average;
    private bool _seen;

    public ActivationObserver(double? average, Device device)
        : base(nameof(ActivationObserver))
    {
        _average = average;
        min_val = tensor(float.PositiveInfinity, device: device);
        max_val = tensor(float.NegativeInfinity, device: device);
        RegisterComponents();
    }

    public Tensor Minimum => min_val;

    public Tensor Maximum => max_val;

    /// <summary>Whether there is a range, of batches or of a state dict.</summary>
    public bool HasSeen => _seen = _seen || !float.IsInfinity(min_val.item<float>());

    /// <summary>Takes a batch into the range; nothing waits for the device.</summary>
    public void Observe(Tensor batch)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var (low, high) = (batch.detach().min().to(ScalarType.Float32), batch.detach().max().to(ScalarType.Float32));
        if (_average is { } share)
        {
            // The first batch is the range: what is infinite has no average.
            var first = min_val.isinf();
            min_val.copy_(low.where(first, min_val + ((low - min_val) * share)));
            max_val.copy_(high.where(first, max_val + ((high - max_val) * share)));
        }
        else
        {
            min_val.copy_(min_val.minimum(low));
            max_val.copy_(max_val.maximum(high));
        }
    }
}
