using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Backbones;

/// <summary>What the blocks of residual networks have in common.</summary>
internal abstract class ResidualBlock(string name) : nn.Module<Tensor, Tensor>(name)
{
    /// <summary>The normalisation that ends the branch.</summary>
    internal abstract nn.Module LastNorm { get; }

    /// <summary>ReLU(branch + shortcut), in the memory of the branch: a normalisation does not need its result for its gradient.</summary>
    private protected static Tensor Join(Tensor branch, Tensor input, nn.Module<Tensor, Tensor>? downsample, nn.Module<Tensor, Tensor> relu)
    {
        using var shortcut = downsample?.call(input);
        branch.add_(shortcut ?? input);
        var joined = relu.call(branch);
        if (!ReferenceEquals(joined, branch)) branch.Dispose();
        return joined;
    }
}
