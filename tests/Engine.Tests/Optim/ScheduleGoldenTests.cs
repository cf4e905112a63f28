using System.Reflection;
using DeepTricks.Testing;
using Engine.Tests.Operators;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;
using LRScheduler = TorchSharp.torch.optim.lr_scheduler.LRScheduler;

namespace Engine.Tests.Optim;

/// <summary>Every schedule of learning rates against PyTorch's sequence.</summary>
public class ScheduleGoldenTests
{
    private static readonly GoldenFile File = GoldenFile.Read("engine/schedules.json");

    private static readonly ILookup<string, MethodInfo> Factories =
        typeof(lr_scheduler).GetMethods(BindingFlags.Public | BindingFlags.Static).Where(one => one.ReturnType == typeof(LRScheduler)).ToLookup(one => one.Name);

    /// <summary>Schedules that are made of functions or of other schedules.</summary>
    private static readonly Dictionary<string, Func<Optimizer, LRScheduler>> ByCode = new()
    {
        ["LambdaLR"] = optimizer => lr_scheduler.LambdaLR(optimizer, epoch => Math.Pow(0.95, epoch)),
        ["MultiplicativeLR"] = optimizer => lr_scheduler.MultiplicativeLR(optimizer, epoch => 0.9 + epoch / 100.0),
        ["SequentialLR"] = optimizer => lr_scheduler.SequentialLR(optimizer, [lr_scheduler.ConstantLR(optimizer, 0.1, 2), lr_scheduler.ExponentialLR(optimizer, 0.9)], [4]),
        ["ChainedLR"] = optimizer => lr_scheduler.ChainedLR([lr_scheduler.ConstantLR(optimizer, 0.1, 4), lr_scheduler.ExponentialLR(optimizer, 0.9)]),
    };

    public static IEnumerable<object[]> Cases => File.Names;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Steps_OfASchedule_GiveTheRatesOfPyTorch(string name)
    {
        var golden = File[name];
        var (rates, momenta) = (golden.Numbers("rates"), golden.Numbers("momenta"));
        var called = 0;
        foreach (var factory in Factories[golden.Text("schedule")])
        {
            using var parameter = new TorchSharp.Modules.Parameter(ones(1));
            using var optimizer = SGD([parameter], 0.1, momentum: 0.9);
            if (Make(factory, golden, optimizer) is not { } schedule) continue;
            called++;
            for (var i = 0; i < rates.Length; i++)
            {
                var group = (TorchSharp.Modules.SGD.ParamGroup)optimizer.ParamGroups.Single();
                Assert.True(Math.Abs(group.LearningRate - rates[i]) <= 1e-12, $"{factory}: rate {i} is {group.LearningRate:R}, and {rates[i]:R} was expected.");
                Assert.True(Math.Abs(group.Momentum - momenta[i]) <= 1e-12, $"{factory}: momentum {i} is {group.Momentum:R}, and {momenta[i]:R} was expected.");
                optimizer.step();
                if (golden.Has("metrics")) schedule.step(golden.Numbers("metrics")[i]);
                else schedule.step();
            }
        }
        Assert.True(called > 0, "No factory takes the case's arguments.");
    }

    [Fact]
    public void Factories_Each_HaveACase()
    {
        using var parameter = new TorchSharp.Modules.Parameter(ones(1));
        var called = File.Cases.SelectMany(golden => Factories[golden.Text("schedule")].Where(factory => Make(factory, golden, SGD([parameter], 0.1, momentum: 0.9)) is not null)).ToHashSet();
        Assert.Empty(Factories.SelectMany(one => one).Except(called));
    }

    private static LRScheduler? Make(MethodInfo factory, GoldenCase golden, Optimizer optimizer)
    {
        if (ByCode.TryGetValue(golden.Text("schedule"), out var make)) return make(optimizer);
        var named = golden["named"].Element;
        var parameters = factory.GetParameters();
        foreach (var one in named.EnumerateObject())
            if (Array.Find(parameters, parameter => parameter.Name == one.Name) is not { } parameter || !Argument.Fits(one.Value, parameter.ParameterType)) return null;
        if (parameters.Skip(1).Any(one => !one.HasDefaultValue && !named.TryGetProperty(one.Name!, out _))) return null;
        var arguments = parameters.Select((one, i) => i == 0 ? optimizer
            : named.TryGetProperty(one.Name!, out var value) ? Argument.Make(value, one.ParameterType, [])
            : one.DefaultValue).ToArray();
        return (LRScheduler)OperatorMembers.Invoke(factory, null, arguments)!;
    }
}
