using TorchSharp.Utils;
using static TorchSharp.Native.Operators;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

public sealed class LSTMCell : nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor)>
{
    private readonly long _hiddenSize;

    [ComponentName(Name = nameof(weight_ih))]
    private Parameter? _weight_ih;

    [ComponentName(Name = nameof(weight_hh))]
    private Parameter? _weight_hh;

    [ComponentName(Name = nameof(bias_ih))]
    private Parameter? _bias_ih;

    [ComponentName(Name = nameof(bias_hh))]
    private Parameter? _bias_hh;

    internal LSTMCell(long inputSize, long hiddenSize, bool bias, Device? device, ScalarType? dtype) : base(nameof(LSTMCell))
    {
        _hiddenSize = hiddenSize;
        weight_ih = RecurrentCell.Weight(hiddenSize, device, dtype, 4 * hiddenSize, inputSize);
        weight_hh = RecurrentCell.Weight(hiddenSize, device, dtype, 4 * hiddenSize, hiddenSize);
        if (!bias) return;
        bias_ih = RecurrentCell.Weight(hiddenSize, device, dtype, 4 * hiddenSize);
        bias_hh = RecurrentCell.Weight(hiddenSize, device, dtype, 4 * hiddenSize);
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

    public override (Tensor, Tensor) forward(Tensor input, (Tensor, Tensor)? h0_c0)
    {
        using var none = h0_c0 is null ? RecurrentCell.NoState(input, _hiddenSize) : null;
        var (hidden, cell) = h0_c0 ?? (none!, none!);
        return aten2("lstm_cell", input, new[] { hidden, cell }, _weight_ih!, _weight_hh!, _bias_ih, _bias_hh);
    }

    public new (Tensor, Tensor) call(Tensor input, (Tensor, Tensor)? h0_c0 = null) => base.call(input, h0_c0);
}
