using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>A layer of a super-net, whose width is that of its choices at the moment.</summary>
public interface ISlimmable
{
    /// <summary>The choices that it depends on.</summary>
    IEnumerable<WidthChoice> Choices { get; }

    /// <summary>How many weights it uses at the moment.</summary>
    long ActiveParameters { get; }

    /// <summary>A plain layer with copies of the weights that it uses at the moment.</summary>
    nn.Module<Tensor, Tensor> Extract();
}
