using static TorchSharp.Native.Operators;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

public sealed class RNN : nn.Module<Tensor, Tensor?, (Tensor, Tensor)>
{
    private readonly RecurrentLayers _layers;
    private readonly bool _relu;

    internal RNN(RecurrentLayers layers, nn.NonLinearities nonLinearity, Device? device, ScalarType? dtype) : base(nameof(RNN))
    {
        _layers = layers;
        _relu = nonLinearity == nn.NonLinearities.ReLU;
        foreach (var (name, weight) in layers.Weights(1, device, dtype)) register_parameter(name, weight);
    }

    private Tensor[] Weights => [.. _internal_params.Values];

    public void flatten_parameters() => _layers.Flatten(Weights, _relu ? 0 : 1);

    public override (Tensor, Tensor) forward(Tensor input, Tensor? h0)
    {
        using var none = h0 is null ? _layers.NoState(input, _layers.BatchOf(input)) : null;
        var state = h0 ?? none!;
        return _relu
            ? aten2("rnn_relu.input", input, state, Weights, _layers.Bias, _layers.Layers, _layers.Dropout, training, _layers.Bidirectional, _layers.BatchFirst)
            : aten2("rnn_tanh.input", input, state, Weights, _layers.Bias, _layers.Layers, _layers.Dropout, training, _layers.Bidirectional, _layers.BatchFirst);
    }

    public new (Tensor, Tensor) call(Tensor input, Tensor? h0 = null) => base.call(input, h0);

    public (nn.utils.rnn.PackedSequence, Tensor) call(nn.utils.rnn.PackedSequence input, Tensor? h0 = null)
    {
        using var none = h0 is null ? _layers.NoState(input.data, RecurrentLayers.BatchOf(input)) : null;
        using var sorted = h0 is null ? null : input.Sorted(h0);
        var state = sorted ?? none!;
        var (data, last) = _relu
            ? aten2("rnn_relu.data", input.data, input.batch_sizes, state, Weights, _layers.Bias, _layers.Layers, _layers.Dropout, training, _layers.Bidirectional)
            : aten2("rnn_tanh.data", input.data, input.batch_sizes, state, Weights, _layers.Bias, _layers.Layers, _layers.Dropout, training, _layers.Bidirectional);
        return (input.With(data), input.Unsorted(last));
    }

    public Parameter? get_weight_ih(long idx) => get_parameter($"weight_ih_l{idx}");
    public Parameter? get_weight_hh(long idx) => get_parameter($"weight_hh_l{idx}");
    public Parameter? get_bias_ih(long idx) => get_parameter($"bias_ih_l{idx}");
    public Parameter? get_bias_hh(long idx) => get_parameter($"bias_hh_l{idx}");
}
