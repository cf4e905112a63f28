using DeepTricks.Backbones;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Priors;

/// <summary>One linear layer for each auxiliary task over shared features. State-dict names: "0.weight", "0.bias", "1.weight" and so on, in the order of the tasks.</summary>
public sealed class AuxiliaryHeads : nn.Module<Tensor, Tensor[]>
{
    private const int MapDimensions = 4;
    private readonly Linear[] _heads;

    /// <summary>Makes the heads.</summary>
    /// <param name="channels">The channels of the features.</param>
    /// <param name="tasks">The tasks, at least one, of different names.</param>
    /// <param name="generator">Draws the first weights; null for libtorch's own.</param>
    /// <exception cref="ArgumentException">There is no task, or two have one name.</exception>
    public AuxiliaryHeads(long channels, IReadOnlyList<AuxiliaryTask> tasks, Generator? generator = null)
        : base(nameof(AuxiliaryHeads))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentNullException.ThrowIfNull(tasks);
        if (tasks.Count == 0 || tasks.DistinctBy(task => task.Name).Count() < tasks.Count)
        {
            throw new ArgumentException($"Expected at least one task, and a name of its own for each; they are: {string.Join(", ", tasks.Select(task => task.Name))}.", nameof(tasks));
        }

        Tasks = [.. tasks];
        _heads = new Linear[tasks.Count];
        for (var i = 0; i < _heads.Length; i++)
        {
            _heads[i] = nn.Linear(channels, tasks[i].Classes);
            Layers.Uniform(_heads[i], generator);
            register_module($"{i}", _heads[i]);
        }
    }

    /// <summary>The tasks.</summary>
    public IReadOnlyList<AuxiliaryTask> Tasks { get; }

    /// <summary>The scores of all tasks.</summary>
    /// <param name="features">[N, C], or [N, C, h, w], which is averaged over its places.</param>
    /// <returns>[N, classes] for each task.</returns>
    public override Tensor[] forward(Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        using var scope = NewDisposeScope();
        var pooled = features.dim() == MapDimensions ? features.mean([2, 3]) : features;
        return [.. _heads.Select(head => head.call(pooled).MoveToOuterDisposeScope())];
    }
}
