using static TorchSharp.Native.Operators;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

public sealed class LSTM : nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)>
{
    private readonly RecurrentLayers _layers;

    internal LSTM(RecurrentLayers layers, Device? device, ScalarType? dtype) : base(nameof(LSTM))
    {
        _layers = layers;
        foreach (var (name, weight) in layers.Weights(4, device, dtype)) register_parameter(name, weight);
    }

    private Tensor[] Weights => [.. _internal_params.Values];

    public void flatten_parameters() => _layers.Flatten(Weights, 2);

    public override (Tensor, Tensor, Tensor) forward(Tensor input, (Tensor, Tensor)? h0_c0 = null)
    {
        using var none = h0_c0 is null ? _layers.NoState(input, _layers.BatchOf(input)) : null;
        var (hidden, cell) = h0_c0 ?? (none!, none!);
        return aten3("lstm.input", input, new[] { hidden, cell }, Weights, _layers.Bias, _layers.Layers, _layers.Dropout, training, _layers.Bidirectional, _layers.BatchFirst);
    }

    public new (Tensor, Tensor, Tensor) call(Tensor input, (Tensor, Tensor)? h0_c0 = null) => base.call(input, h0_c0);

    public (nn.utils.rnn.PackedSequence, Tensor, Tensor) call(nn.utils.rnn.PackedSequence input, (Tensor, Tensor)? h0_c0 = null)
    {
        using var none = h0_c0 is null ? _layers.NoState(input.data, RecurrentLayers.BatchOf(input)) : null;
        using var hidden = h0_c0 is { } given ? input.Sorted(given.Item1) : null;
        using var cell = h0_c0 is { } also ? input.Sorted(also.Item2) : null;
        var (data, lastHidden, lastCell) = aten3("lstm.data", input.data, input.batch_sizes, new[] { hidden ?? none!, cell ?? none! }, Weights, _layers.Bias, _layers.Layers, _layers.Dropout, training, _layers.Bidirectional);
        return (input.With(data), input.Unsorted(lastHidden), input.Unsorted(lastCell));
    }
}
