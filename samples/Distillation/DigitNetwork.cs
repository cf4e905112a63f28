using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DistillationSample;

/// <summary>Two stages of convolution and pooling, a layer of features, and the digits; all networks of the sample are of this shape, and differ in width.</summary>
internal sealed class DigitNetwork : nn.Module<Tensor, Tensor>
{
    public const int Digits = 10;
    private const int Side = 7;

#pragma warning disable IDE1006 // The names are those of the layers that are tapped.
    private readonly Sequential stage1;
    private readonly Sequential stage2;
    private readonly Sequential features;
    private readonly Sequential head;
#pragma warning restore IDE1006

    public DigitNetwork(NetworkSize size, Generator generator)
        : base(nameof(DigitNetwork))
    {
        Size = size;
        stage1 = nn.Sequential(nn.Conv2d(1, size.First, 3, padding: 1L), nn.ReLU(), nn.MaxPool2d(2));
        stage2 = nn.Sequential(nn.Conv2d(size.First, size.Second, 3, padding: 1L), nn.ReLU(), nn.MaxPool2d(2));
        features = nn.Sequential(nn.Flatten(), nn.Linear(size.Second * Side * Side, size.Features), nn.ReLU());
        head = nn.Sequential(nn.Dropout(size.Dropout), nn.Linear(size.Features, Digits));
        RegisterComponents();
        Draw(generator);
    }

    public NetworkSize Size { get; }

    public long Weights => parameters().Sum(parameter => parameter.numel());

    /// <summary>A network of its own with the same weights. Whoever taps a network hears all that runs through it, so each thread needs one.</summary>
    public DigitNetwork Copy()
    {
        using var generator = new Generator(0);
        var copy = new DigitNetwork(Size, generator);
        copy.load_state_dict(state_dict());
        return copy;
    }

    /// <summary>What the bias of a digit is raised by.</summary>
    public void RaiseBias(int digit, double by)
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        head.parameters().Last()[digit].add_(by);
    }

    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        return head.call(features.call(stage2.call(stage1.call(images)))).MoveToOuterDisposeScope();
    }

    // The modules' own initialisation draws from the generator that all threads share.
    private void Draw(Generator generator)
    {
        using var ungraded = no_grad();
        var bound = 0.0;
        foreach (var (_, parameter) in named_parameters())
        {
            if (parameter.dim() > 1) bound = Math.Sqrt(1.0 * parameter.shape[0] / parameter.numel());
            parameter.uniform_(-bound, bound, generator);
        }
    }
}
