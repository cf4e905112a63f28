using static TorchSharp.torch;

namespace TorchSharp.Modules;

public sealed class ReplicationPad3d : PadBase
{
    internal ReplicationPad3d(params long[] padding) : base(nameof(ReplicationPad3d), PaddingModes.Replicate, 0, padding)
    {
    }
}
