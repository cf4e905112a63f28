using DeepTricks.Distillation;
using DeepTricks.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

/// <summary>The networks, batches and steps of <c>tests/fixtures/distillation/make_schemes.py</c>, in double precision.</summary>
internal static class SchemeNetworks
{
    internal const int Steps = 5, StepsPerEpoch = 2, Classes = 5;

    internal static SmallNetwork Small(int width = 4, double scale = 1) => Scaled(Filled(new SmallNetwork(width, fill: false)), scale);

    internal static BranchNetwork Peers() => Filled(new BranchNetwork(new SmallNetwork(4, fill: false), new SmallNetwork(3, fill: false), new SmallNetwork(4, fill: false)));

    internal static BranchNetwork Gated() => Filled(new BranchNetwork(Block(1, 4), [Head(4, 8), Head(4, 8), Head(4, 8)], new BranchGate(4, 3)));

    internal static FeatureFusionNetwork Fused() =>
        Filled(new FeatureFusionNetwork([Block(4, 8), Block(4, 8)], [Classifier(8), Classifier(8)], new FeatureFusion(8, Classes), Block(1, 4)));

    internal static T Filled<T>(T module)
        where T : nn.Module => Golden.Fill((T)module.to(ScalarType.Float64));

    internal static T Scaled<T>(T module, double scale)
        where T : nn.Module
    {
        using var ungraded = no_grad();
        foreach (var parameter in module.parameters()) parameter.mul_(scale);
        return module;
    }

    internal static (Tensor Images, Tensor Labels) Batch(object step, long rows = 6) =>
        (Golden.Tensor($"batch{step}.images", [rows, 1, 8, 8], dtype: ScalarType.Float64), Golden.Integers($"batch{step}.labels", Classes, rows));

    internal static optim.Optimizer Sgd(params nn.Module[] modules) => optim.SGD(modules.SelectMany(module => module.parameters()), 0.1, momentum: 0.9);

    internal static Sequential Block(int from, int to) => nn.Sequential(nn.Conv2d(from, to, 3, stride: 2, padding: 1), nn.BatchNorm2d(to), nn.ReLU(inplace: true));

    internal static Sequential Classifier(int channels) => nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, Classes));

    private static Sequential Head(int from, int to) =>
        nn.Sequential(nn.Conv2d(from, to, 3, stride: 2, padding: 1), nn.BatchNorm2d(to), nn.ReLU(inplace: true), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(to, Classes));

    /// <summary>Two exits, of which the first has a bottleneck of its own.</summary>
    internal sealed class Exits : nn.Module<Tensor, Tensor>
    {
        private readonly Sequential layer1 = Block(1, 4), layer2 = Block(4, 8), bottleneck, exit;
        private readonly Linear fc = nn.Linear(8, Classes);
        private readonly AdaptiveAvgPool2d pool = nn.AdaptiveAvgPool2d(1);

        internal Exits()
            : base(nameof(Exits))
        {
            bottleneck = nn.Sequential(nn.Conv2d(4, 8, 3, stride: 2, padding: 1), nn.BatchNorm2d(8), nn.ReLU(inplace: true), nn.AdaptiveAvgPool2d(1));
            exit = nn.Sequential(nn.Flatten(), nn.Linear(8, Classes));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var maps = layer1.call(input);
            exit.call(bottleneck.call(maps));
            return fc.call(pool.call(layer2.call(maps)).flatten(1)).MoveToOuterDisposeScope();
        }
    }
}
