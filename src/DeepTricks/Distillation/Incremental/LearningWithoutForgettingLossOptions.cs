namespace DeepTricks.Distillation;

/// <summary>How a <see cref="LearningWithoutForgettingLoss"/> is computed. Implementations differ; the presets name them.</summary>
public sealed record LearningWithoutForgettingLossOptions
{
    /// <summary>FACIL's approach/lwf.py: one softmax over all old classes, cross entropy, the student's probabilities smoothed by 1e-5, no factor T².</summary>
    public static LearningWithoutForgettingLossOptions Facil { get; } = new();

    /// <summary>The temperature; 2 by default, as in the paper.</summary>
    public double Temperature { get; init => field = LogitChecks.Positive(value); } = 2;

    /// <summary>What is added to the student's probabilities, all classes together, before they are normalised again; 1e-5 by default.</summary>
    public double Smoothing { get; init => field = LogitChecks.NotNegative(value); } = 1e-5;

    /// <summary>
    /// The classes of each old task, in order, where each has a softmax of its own and counts by its part of the old classes; empty, the default, for one softmax
    /// over all.
    /// </summary>
    public IReadOnlyList<int> Tasks { get; init; } = [];

    /// <summary>Whether the loss is multiplied by T²; false by default.</summary>
    public bool SquaredTemperature { get; init; }

    /// <summary>Whether the value is the Kullback-Leibler divergence, 0 where both agree, rather than the cross entropy; the gradients are the same. False by default.</summary>
    public bool Divergence { get; init; }

    /// <summary>The LwF of kibok90/iccv2019-inc ("-r L"): T² KL of each old task's softmax, weighted by its part of the old classes.</summary>
    /// <param name="tasks">The classes of each old task, in order.</param>
    public static LearningWithoutForgettingLossOptions PerTask(params IReadOnlyList<int> tasks) =>
        new() { Tasks = tasks, Smoothing = 0, SquaredTemperature = true, Divergence = true };
}
