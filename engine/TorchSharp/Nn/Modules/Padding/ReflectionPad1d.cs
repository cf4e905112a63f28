using static TorchSharp.torch;

namespace TorchSharp.Modules;

public sealed class ReflectionPad1d : PadBase
{
    internal ReflectionPad1d(params long[] padding) : base(nameof(ReflectionPad1d), PaddingModes.Reflect, 0, padding)
    {
    }
}
