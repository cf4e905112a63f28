using DeepTricks.Training;
using Microsoft.Extensions.Logging;

namespace DeepTricks.Tests.Training;

public sealed class LogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("log-").FullName;

    [Fact]
    public void CsvLog_TwoEpochs_HasARowForEach()
    {
        using var problem = new Problem();
        var path = Path.Combine(_folder, "log.csv");
        using var trainer = new Trainer(problem.Objective, problem.Optimizer, [new CsvLog(path)]);

        var history = trainer.Fit(problem.Source, "2ep");

        Assert.Equal(
            ["epoch,step,learning-rate,loss", $"0,5,0.1,{history[0].Metrics["loss"]}", $"1,10,0.1,{history[1].Metrics["loss"]}"],
            File.ReadAllLines(path));
    }

    [Fact]
    public void CsvLog_AFigureThatComesLater_GetsAColumn()
    {
        using var problem = new Problem();
        var path = Path.Combine(_folder, "log.csv");
        using var trainer = new Trainer(problem.Objective, problem.Optimizer, [new CsvLog(path)]);

        trainer.Fit(problem.Source, "2ep", new() { Validation = problem.Source, ValidateEveryEpochs = 2 });

        var lines = File.ReadAllLines(path);
        Assert.Equal("epoch,step,learning-rate,loss,validation/loss", lines[0]);
        Assert.EndsWith(",", lines[1]);
        Assert.All(lines, line => Assert.Equal(5, line.Split(',').Length));
    }

    [Fact]
    public void LoggerLog_ARun_TellsStartEpochsAndEnd()
    {
        using var problem = new Problem();
        var logger = new ListLogger();
        using var trainer = new Trainer(problem.Objective, problem.Optimizer, [new LoggerLog(logger)]);

        trainer.Fit(problem.Source, "2ep");

        Assert.Equal(4, logger.Lines.Count);
        Assert.Equal("Training TinyNetwork from step 0 to 10", logger.Lines[0]);
        Assert.StartsWith("Epoch 1 ended at step 10: loss 0.", logger.Lines[2]);
    }

    [Fact]
    public void ProgressLine_Live_DrawsOverTheLineAndLeavesOneAnEpoch()
    {
        using var problem = new Problem();
        using var writer = new StringWriter();
        using var trainer = new Trainer(problem.Objective, problem.Optimizer, [new ProgressLine(writer, live: true, title: "tiny")]);

        trainer.Fit(problem.Source, "2ep");

        var text = writer.ToString();
        Assert.StartsWith("\rtiny [", text);
        Assert.Equal(2, text.Count(character => character == '\n'));
        Assert.Contains("[########################] epoch 2, step 10/10: loss 0.", text);
    }

    [Fact]
    public void ProgressLine_NotLive_WritesPlainLines()
    {
        using var problem = new Problem();
        using var writer = new StringWriter();
        using var trainer = new Trainer(problem.Objective, problem.Optimizer, [new ProgressLine(writer)]);

        trainer.Fit(problem.Source, "3ep");

        Assert.DoesNotContain('\r', writer.ToString().ReplaceLineEndings("\n"));
        Assert.Equal(3, writer.ToString().Count(character => character == '\n'));
    }

    [Fact]
    public void Timings_Measured_NameCallbacksAndEvents()
    {
        using var problem = new Problem();
        using var trainer = new Trainer(problem.Objective, problem.Optimizer, [new OnEvents { OnBatchEnd = _ => Thread.Sleep(2) }], new() { MeasureTime = true });

        trainer.Fit(problem.Source, "1ep");

        var longest = trainer.Timings!.Entries[0];
        Assert.Equal(("OnEvents", TrainingEvent.BatchEnd, 5), (longest.Callback, longest.Event, longest.Calls));
        Assert.InRange(longest.Time, TimeSpan.FromMilliseconds(10), trainer.Timings.Total);
        Assert.Contains("BatchEnd", trainer.Timings.ToString());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private sealed class ListLogger : ILogger
    {
        internal List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel level) => true;

        public void Log<TState>(LogLevel level, EventId id, TState state, Exception? error, Func<TState, Exception?, string> format) =>
            Lines.Add(format(state, error));
    }
}
