using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Regularizers;

/// <summary>A network of two hidden layers, large enough to memorise the training data.</summary>
internal sealed class DigitNetwork : nn.Module<Tensor, Tensor>
{
    private const int Pixels = 28 * 28;
    private const int Hidden = 256;
    private const int Digits = 10;

#pragma warning disable IDE1006 // The names are those of the state dict.
    private readonly Linear fc1 = nn.Linear(Pixels, Hidden);
    private readonly Linear fc2 = nn.Linear(Hidden, Hidden);
    private readonly Linear fc3 = nn.Linear(Hidden, Digits);
    private readonly Dropout dropout;
#pragma warning restore IDE1006

    public DigitNetwork(double dropout)
        : base(nameof(DigitNetwork))
    {
        this.dropout = nn.Dropout(dropout);
        RegisterComponents();
    }

    /// <summary>The layers whose outputs are features, before their activation.</summary>
    public static IReadOnlyList<string> FeatureLayers { get; } = [nameof(fc1), nameof(fc2)];

    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        var x = images.flatten(1);
        x = dropout.call(fc1.call(x).relu());
        x = dropout.call(fc2.call(x).relu());
        return fc3.call(x).MoveToOuterDisposeScope();
    }
}
