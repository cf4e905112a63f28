using static TorchSharp.torch;

namespace TorchSharp.Modules;

public sealed class Dropout1d : ParameterLessModule<Tensor, Tensor>
{
    internal Dropout1d(double p, bool inplace) : base(nameof(Dropout1d)) => (this.p, this.inplace) = (p, inplace);

    public double p { get; set; }
    public bool inplace { get; set; }

    public override Tensor forward(Tensor tensor) =>
        tensor.ndim == 3
        ? nn.functional.dropout1d(tensor, p, training, inplace)
        : throw new ArgumentException($"Dropout1d takes a tensor of shape (N, C, L), not one of {tensor.ndim} dimensions.", nameof(tensor));
}
