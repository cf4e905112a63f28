using static TorchSharp.Native.Operators;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

public sealed class ChannelShuffle : ParameterLessModule<Tensor, Tensor>
{
    internal ChannelShuffle(long groups) : base(nameof(ChannelShuffle)) => this.groups = groups;

    public long groups { get; set; }

    public override Tensor forward(Tensor tensor) => aten("channel_shuffle", tensor, groups);
}
