using DeepTricks.Losses;

namespace DeepTricks.Priors;

/// <summary>One auxiliary task: finer labels, what is fine about which main class, and what the task counts.</summary>
public sealed record AuxiliaryTask
{
    /// <summary>A task whose labels say more about the main classes: each fine class lies within one of them.</summary>
    /// <param name="name">What people read in logs.</param>
    /// <param name="mainClasses">The main class of each fine class; at least two fine classes.</param>
    public AuxiliaryTask(string name, IReadOnlyList<int> mainClasses)
        : this(name, mainClasses?.Count ?? throw new ArgumentNullException(nameof(mainClasses)))
    {
        if (mainClasses.Any(one => one < 0))
        {
            throw new ArgumentOutOfRangeException(nameof(mainClasses), mainClasses.Min(), "Expected main classes of at least 0.");
        }

        MainClasses = [.. mainClasses];
    }

    /// <summary>A task whose labels say nothing about the main class, such as a pose: a plain softmax over them.</summary>
    /// <param name="name">What people read in logs.</param>
    /// <param name="classes">How many classes; at least two.</param>
    public AuxiliaryTask(string name, int classes)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        (Name, Classes) = (name, classes);
    }

    /// <summary>What people read in logs.</summary>
    public string Name { get; }

    /// <summary>How many fine classes there are.</summary>
    public int Classes { get; }

    /// <summary>The main class of each fine class; null where they do not lie within main classes.</summary>
    public IReadOnlyList<int>? MainClasses { get; }

    /// <summary>What multiplies the term; at least 0, 1 by default.</summary>
    public double Weight { get; init => field = SegmentationChecks.NotNegative(value); } = 1;

    /// <summary>The label of a sample that has none; −100 by default, as in PyTorch.</summary>
    public long IgnoreIndex { get; init; } = -100;
}
