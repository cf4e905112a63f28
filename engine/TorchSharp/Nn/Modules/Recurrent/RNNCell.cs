using TorchSharp.Utils;
using static TorchSharp.Native.Operators;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

public sealed class RNNCell : nn.Module<Tensor, Tensor?, Tensor>
{
    private readonly long _hiddenSize;
    private readonly bool _relu;

    [ComponentName(Name = nameof(weight_ih))]
    private Parameter? _weight_ih;

    [ComponentName(Name = nameof(weight_hh))]
    private Parameter? _weight_hh;

    [ComponentName(Name = nameof(bias_ih))]
    private Parameter? _bias_ih;

    [ComponentName(Name = nameof(bias_hh))]
    private Parameter? _bias_hh;

    internal RNNCell(long inputSize, long hiddenSize, nn.NonLinearities nonLinearity, bool bias, Device? device, ScalarType? dtype) : base(nameof(RNNCell))
    {
        _hiddenSize = hiddenSize;
        _relu = nonLinearity == nn.NonLinearities.ReLU;
        weight_ih = RecurrentCell.Weight(hiddenSize, device, dtype, hiddenSize, inputSize);
        weight_hh = RecurrentCell.Weight(hiddenSize, device, dtype, hiddenSize, hiddenSize);
        if (!bias) return;
        bias_ih = RecurrentCell.Weight(hiddenSize, device, dtype, hiddenSize);
        bias_hh = RecurrentCell.Weight(hiddenSize, device, dtype, hiddenSize);
    }

    public Parameter? weight_ih
    {
        get => _weight_ih;
        set
        {
            if (Components.Exchange(ref _weight_ih, value)) ConditionallyRegisterParameter(nameof(weight_ih), value);
        }
    }

    public Parameter? weight_hh
    {
        get => _weight_hh;
        set
        {
            if (Components.Exchange(ref _weight_hh, value)) ConditionallyRegisterParameter(nameof(weight_hh), value);
        }
    }

    public Parameter? bias_ih
    {
        get => _bias_ih;
        set
        {
            if (Components.Exchange(ref _bias_ih, value)) ConditionallyRegisterParameter(nameof(bias_ih), value);
        }
    }

    public Parameter? bias_hh
    {
        get => _bias_hh;
        set
        {
            if (Components.Exchange(ref _bias_hh, value)) ConditionallyRegisterParameter(nameof(bias_hh), value);
        }
    }

    public override Tensor forward(Tensor input, Tensor? h0 = null)
    {
        using var none = h0 is null ? RecurrentCell.NoState(input, _hiddenSize) : null;
        var state = h0 ?? none!;
        return _relu
            ? aten("rnn_relu_cell", input, state, _weight_ih!, _weight_hh!, _bias_ih, _bias_hh)
            : aten("rnn_tanh_cell", input, state, _weight_ih!, _weight_hh!, _bias_ih, _bias_hh);
    }
}
