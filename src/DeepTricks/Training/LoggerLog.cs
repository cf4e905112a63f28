using System.Globalization;
using Microsoft.Extensions.Logging;

namespace DeepTricks.Training;

/// <summary>Reports the start of the run, each epoch's figures and the end to an <see cref="ILogger"/>.</summary>
public sealed partial class LoggerLog : Callback
{
    private readonly ILogger _logger;

    /// <summary>Makes the callback.</summary>
    /// <param name="logger">The logger; messages are of the level Information.</param>
    public LoggerLog(ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(logger);
        _logger = logger;
    }

    /// <inheritdoc/>
    public override void FitStart(Trainer trainer) => Started(trainer.Model.GetType().Name, trainer.Step, trainer.TotalSteps);

    /// <inheritdoc/>
    public override void EpochEnd(Trainer trainer) => Epoch(trainer.Epoch, trainer.Step, Figures(trainer));

    /// <inheritdoc/>
    public override void FitEnd(Trainer trainer) => Ended(trainer.Step, Figures(trainer));

    /// <summary>The figures as "name value" pairs.</summary>
    internal static string Figures(Trainer trainer) =>
        string.Join(", ", trainer.Metrics.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value:G5}")));

    [LoggerMessage(1, LogLevel.Information, "Training {Model} from step {Step} to {TotalSteps}")]
    private partial void Started(string model, long step, long totalSteps);

    [LoggerMessage(2, LogLevel.Information, "Epoch {Epoch} ended at step {Step}: {Figures}")]
    private partial void Epoch(int epoch, long step, string figures);

    [LoggerMessage(3, LogLevel.Information, "Training ended at step {Step}: {Figures}")]
    private partial void Ended(long step, string figures);
}
