using static TorchSharp.torch;

namespace TorchSharp.Modules;

public sealed class ReflectionPad3d : PadBase
{
    internal ReflectionPad3d(params long[] padding) : base(nameof(ReflectionPad3d), PaddingModes.Reflect, 0, padding)
    {
    }
}
