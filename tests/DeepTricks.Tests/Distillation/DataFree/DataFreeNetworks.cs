using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

/// <summary>The networks of tests/fixtures/distillation/make_datafree.py, with the names of their originals.</summary>
internal sealed class LeNet : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly Conv2d conv2;
    private readonly Conv2d conv3;
    private readonly Linear fc1;
    private readonly Linear fc2;

    /// <summary>6, 16, 120 and 84 channels for the teacher, half of them for the student.</summary>
    public LeNet(long first, long second, long third, long fourth)
        : base(nameof(LeNet))
    {
        conv1 = nn.Conv2d(1, first, 5);
        conv2 = nn.Conv2d(first, second, 5);
        conv3 = nn.Conv2d(second, third, 5);
        fc1 = nn.Linear(third, fourth);
        fc2 = nn.Linear(fourth, 10);
        RegisterComponents();
    }

    public static LeNet Teacher() => new(6, 16, 120, 84);

    public static LeNet Student() => new(3, 8, 60, 42);

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = nn.functional.max_pool2d(conv1.call(input).relu(), [2, 2]);
        x = nn.functional.max_pool2d(conv2.call(x).relu(), [2, 2]);
        x = conv3.call(x).relu().flatten(1);
        return fc2.call(fc1.call(x).relu()).MoveToOuterDisposeScope();
    }
}

/// <summary>Two convolutions with normalisations.</summary>
internal sealed class SmallNormed : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly Linear fc;

    public SmallNormed(long width)
        : base(nameof(SmallNormed))
    {
        conv1 = nn.Conv2d(3, width, 3, padding: 1, bias: false);
        bn1 = nn.BatchNorm2d(width);
        conv2 = nn.Conv2d(width, 2 * width, 3, stride: 2, padding: 1, bias: false);
        bn2 = nn.BatchNorm2d(2 * width);
        fc = nn.Linear(2 * width, 10);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = bn1.call(conv1.call(input)).relu();
        x = bn2.call(conv2.call(x)).relu();
        return fc.call(x.mean([2, 3])).MoveToOuterDisposeScope();
    }
}
