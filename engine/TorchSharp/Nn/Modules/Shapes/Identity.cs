using static TorchSharp.Native.Operators;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

public sealed class Identity : ParameterLessModule<Tensor, Tensor>
{
    internal Identity() : base(nameof(Identity))
    {
    }

    public override Tensor forward(Tensor tensor) => aten("alias", tensor);
}
