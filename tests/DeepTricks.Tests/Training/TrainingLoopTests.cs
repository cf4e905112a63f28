using DeepTricks.Training;

namespace DeepTricks.Tests.Training;

public class TrainingLoopTests
{
    // What each loop of the text runs over in the test below.
    private static readonly Dictionary<string, int> Repetitions = new()
    {
        ["for each epoch:"] = 2,
        ["for each batch:"] = 3,
        ["for each micro-batch:"] = 2,
        ["for each evaluation batch:"] = 3,
    };

    [Fact]
    public void Fit_TwoCallbacks_RaisesTheEventsThatTheTextSays()
    {
        var events = new List<(string, TrainingEvent)>();
        // 38 samples in batches of 13, 13 and 12 rows, each of which goes in two micro-batches.
        using var problem = new Problem(batchSize: 13);
        using var trainer = new Trainer(problem.Objective, problem.Optimizer, [new EventRecorder("one", events), new EventRecorder("two", events)],
            new() { MicroBatchSize = 10 });

        trainer.Fit(problem.Source, "2ep", new() { Validation = problem.Source });

        var lines = TrainingLoop.Lines.ToArray();
        var evaluation = Array.FindIndex(lines, line => line.Text == "to evaluate:");
        var expected = new List<(string, TrainingEvent)>();
        Walk(lines, 0, evaluation, 0, lines[(evaluation + 1)..], expected);
        Assert.Equal(expected, events);
    }

    [Fact]
    public void Text_EveryEvent_StandsInIt()
    {
        var events = TrainingLoop.Lines.Where(line => line.Event is not null).Select(line => line.Event!.Value).Distinct();

        Assert.Equal(Enum.GetValues<TrainingEvent>().Order(), events.Order());
    }

    [Fact]
    public void Text_OnThePageAboutTraining_StandsInFull() =>
        Assert.Contains($"```text\n{TrainingLoop.Text}\n```", File.ReadAllText(Path.Combine(Repository.Root, "docs/training.md")));

    [Fact]
    public void Describe_ACallback_StandsAtTheEventsThatItOverrides()
    {
        using var problem = new Problem();
        using var trainer = new Trainer(problem.Objective, problem.Optimizer,
            [GradientClipping.ByNorm(1), new LearningRateSchedule(Schedule.Cosine(1, 0)), new ValueSchedule("weight", Schedule.Constant(2), _ => { })]);

        var lines = trainer.Describe().Split('\n').Select(line => line.Trim()).ToArray();

        Assert.Contains(lines, line => line.StartsWith("ClipGradients ") && line.EndsWith("GradientClipping(norm 1)"));
        Assert.Contains(lines, line => line.StartsWith("BatchStart ") &&
            line.EndsWith("LearningRateSchedule(cosine 1 to 0), ValueSchedule(weight: 2)"));
        Assert.Contains("AfterLoss (reverse)", lines);
        Assert.Equal(2, lines.Count(line => line.Contains('(') && !line.Contains("(reverse)") && Enum.TryParse<TrainingEvent>(line.Split(' ')[0], out _)));
    }

    /// <summary>Runs the lines from <paramref name="start"/> that are at <paramref name="depth"/> or deeper as the program that they are.</summary>
    private static void Walk(LoopLine[] lines, int start, int end, int depth, LoopLine[] evaluation, List<(string, TrainingEvent)> events)
    {
        for (var i = start; i < end; i++)
        {
            var line = lines[i];
            if (line.Depth < depth && line.Text.Length > 0)
                return;
            if (line.Depth > depth)
                continue;
            if (line.Event is { } at)
                events.AddRange(line.Reversed ? [("two", at), ("one", at)] : [("one", at), ("two", at)]);
            else if (Repetitions.TryGetValue(line.Text.Trim(), out var times))
                for (var time = 0; time < times; time++)
                    Walk(lines, i + 1, end, depth + 1, evaluation, events);
            else if (line.Text.Trim() == "evaluate")
                Walk(evaluation, 0, evaluation.Length, 1, [], events);
        }
    }
}
