using static TorchSharp.Native.Operators;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

public sealed class GRU : nn.Module<Tensor, Tensor?, (Tensor, Tensor)>
{
    private readonly RecurrentLayers _layers;

    internal GRU(RecurrentLayers layers, Device? device, ScalarType? dtype) : base(nameof(GRU))
    {
        _layers = layers;
        foreach (var (name, weight) in layers.Weights(3, device, dtype)) register_parameter(name, weight);
    }

    private Tensor[] Weights => [.. _internal_params.Values];

    public void flatten_parameters() => _layers.Flatten(Weights, 3);

    public override (Tensor, Tensor) forward(Tensor input, Tensor? h0 = null)
    {
        using var none = h0 is null ? _layers.NoState(input, _layers.BatchOf(input)) : null;
        var state = h0 ?? none!;
        return aten2("gru.input", input, state, Weights, _layers.Bias, _layers.Layers, _layers.Dropout, training, _layers.Bidirectional, _layers.BatchFirst);
    }

    public new (Tensor, Tensor) call(Tensor input, Tensor? h0 = null) => base.call(input, h0);

    public (nn.utils.rnn.PackedSequence, Tensor) call(nn.utils.rnn.PackedSequence input, Tensor? h0 = null)
    {
        using var none = h0 is null ? _layers.NoState(input.data, RecurrentLayers.BatchOf(input)) : null;
        using var sorted = h0 is null ? null : input.Sorted(h0);
        var state = sorted ?? none!;
        var (data, last) = aten2("gru.data", input.data, input.batch_sizes, state, Weights, _layers.Bias, _layers.Layers, _layers.Dropout, training, _layers.Bidirectional);
        return (input.With(data), input.Unsorted(last));
    }
}
