using DeepTricks.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

/// <summary>Two convolutions with normalisation and activations that work in place, and a linear layer: 1 x 8 x 8 to 5 classes. Weights by the golden formula.</summary>
internal sealed class SmallNetwork : nn.Module<Tensor, Tensor>
{
    internal readonly Sequential layer1;
    internal readonly Sequential layer2;
    internal readonly Linear fc;

    internal SmallNetwork(int width = 4, bool fill = true)
        : base(nameof(SmallNetwork))
    {
        layer1 = Block(1, width);
        layer2 = Block(width, 2 * width);
        fc = nn.Linear(2 * width, 5);
        RegisterComponents();
        if (fill) Golden.Fill(this);
    }

    /// <summary>[6, 1, 8, 8] and labels [6].</summary>
    internal static (Tensor Images, Tensor Labels) Batch(string name = "batch", long rows = 6) =>
        (Golden.Tensor($"{name}.images", [rows, 1, 8, 8]), Golden.Integers($"{name}.labels", 5, rows));

    /// <summary>Every parameter and buffer, bit for bit.</summary>
    internal static byte[] Bits(nn.Module module) => [.. module.state_dict().Values.SelectMany(tensor => tensor.detach().contiguous().bytes.ToArray())];

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return fc.call(layer2.call(layer1.call(input)).mean([2, 3])).MoveToOuterDisposeScope();
    }

    /// <summary>Runs something in evaluation mode and without gradients.</summary>
    internal T Evaluate<T>(Func<T> pass)
    {
        using var ungraded = no_grad();
        this.eval();
        var result = pass();
        this.train();
        return result;
    }

    private static Sequential Block(int from, int to) => nn.Sequential(
        nn.Conv2d(from, to, 3, stride: 2, padding: 1), nn.BatchNorm2d(to), nn.ReLU(inplace: true));
}
