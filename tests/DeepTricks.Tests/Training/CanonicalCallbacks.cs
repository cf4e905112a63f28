using DeepTricks.Distillation;
using DeepTricks.Losses;
using DeepTricks.Priors;
using DeepTricks.Regularization;
using DeepTricks.Training;
using Microsoft.Extensions.Logging.Abstractions;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Training;

/// <summary>
/// One setting of every callback of the library, in which it acts within a few steps. <see cref="ResumeTests"/> stops and resumes a run with
/// each; a callback without a row here fails there.
/// </summary>
internal static class CanonicalCallbacks
{
    /// <summary>Makes a callback for a run of a problem that may write into a folder.</summary>
    internal static IReadOnlyDictionary<Type, Func<Problem, string, Callback>> All { get; } = new Dictionary<Type, Func<Problem, string, Callback>>
    {
        [typeof(ConfidencePenaltyCallback)] = (_, _) => new ConfidencePenaltyCallback(new() { Threshold = 0.9 }, Schedule.Linear(0, 0.5)),
        [typeof(CsvLog)] = (_, folder) => new CsvLog(Path.Combine(folder, "log.csv")),
        [typeof(DistillationCallback)] = (problem, _) => Distillation(problem),
        [typeof(EarlyStopping)] = (_, _) => new EarlyStopping(new() { Goal = Goal.Lowest("loss"), Patience = 2, MinimumChange = 10 }),
        [typeof(ExponentialMovingAverage)] = (_, _) => new ExponentialMovingAverage(new() { Decay = 0.9 }),
        [typeof(FeatureContractionCallback)] = (_, _) => new FeatureContractionCallback(new() { Layers = ["first"], Weight = 0.1 }),
        [typeof(GradientClipping)] = (_, _) => GradientClipping.ByNorm(0.1),
        [typeof(HierarchicalCostCallback)] = (_, _) => new HierarchicalCostCallback(ClassCosts.FromHierarchy([0, 0, 1], 1, 3)),
        [typeof(LabelSmoothingCallback)] = (_, _) => new LabelSmoothingCallback(new() { Smoothing = 0.2 }),
        [typeof(LearningRateSchedule)] = (_, _) => new LearningRateSchedule(Schedule.WarmUp("3st", Schedule.Cosine(1, 0))),
        [typeof(LearningRateScheduler)] = (problem, _) =>
            new LearningRateScheduler(optim.lr_scheduler.StepLR(problem.Optimizer, 4, 0.3), problem.Optimizer, everyStep: true),
        [typeof(LoggerLog)] = (_, _) => new LoggerLog(NullLogger.Instance),
        [typeof(MaxlCallback)] = (problem, _) => Meta(problem),
        [typeof(NonFiniteGuard)] = (_, _) => new NonFiniteGuard(2),
        [typeof(OnlineLabelSmoothingCallback)] = (_, _) => new OnlineLabelSmoothingCallback(new() { Classes = 3 }),
        [typeof(PriorCallback)] = (problem, _) => Finer(problem),
        [typeof(ProgressLine)] = (_, _) => new ProgressLine(TextWriter.Null, live: true),
        [typeof(StochasticWeightAveraging)] = (_, _) => new StochasticWeightAveraging(new() { Start = "4st", Interval = "3st" }),
        [typeof(TopCheckpoints)] = (_, folder) => new TopCheckpoints(folder, new() { Goal = Goal.Lowest("loss"), Keep = 2, Interval = "2st" }),
        [typeof(ValueSchedule)] = (problem, _) => new ValueSchedule("dropout", Schedule.Linear(0, 0.5), value => problem.Model.Dropout = value),
    };

    /// <summary>A hint from a frozen teacher through a connector that learns, with weights that change.</summary>
    private static DistillationCallback Distillation(Problem problem)
    {
        var connector = nn.Linear(8, 8);
        problem.Optimizer.add_param_group(new SGD.ParamGroup(connector.parameters(), lr: 0.1, momentum: 0.9));
        return new(new(problem.Model, new FrozenTeacher(new TinyNetwork(7)),
            TransferTerm.Of("hint", new Tests.Distillation.DistillationCallbackTests.HalfSquare(), "first", "first", connector, Schedule.Linear(1, 0.2))),
            Schedule.Linear(0.5, 1));
    }

    private static PriorCallback Finer(Problem problem)
    {
        var heads = new AuxiliaryHeads(8, [new("fine", [0, 0, 1, 1, 2])]);
        problem.Optimizer.add_param_group(new SGD.ParamGroup(heads.parameters(), 0.1, momentum: 0.9));
        return new(new AuxiliaryLabels(problem.Model, "first", heads), step => step.Batch.Target!.mul(2).clamp(0, 4));
    }

    private static MaxlCallback Meta(Problem problem)
    {
        var head = nn.Linear(8, 6);
        problem.Optimizer.add_param_group(new SGD.ParamGroup(head.parameters(), 0.1, momentum: 0.9));
        var generator = new LabelGenerator(nn.Linear(6, 6), [2, 2, 2]);
        return new(new Maxl(problem.Model, "first", head, generator), optim.SGD(generator.parameters(), 0.5, momentum: 0.9), interval: 2);
    }
}
