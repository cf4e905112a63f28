using System.Diagnostics;
using System.Text;
using DeepTricks.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Training;

/// <summary>
/// Trains a model. The loop, with the place of every callback in it, is <see cref="TrainingLoop.Text"/>;
/// <see cref="Describe"/> prints it with those who act in this run.
/// </summary>
/// <example><code>
/// using var trainer = new Trainer(Objective.Classification(model), optimizer, [new ExponentialMovingAverage(), new ProgressLine()]);
/// trainer.Fit(train, "10ep", new() { Validation = test, Metrics = [new Accuracy()] });
/// </code></example>
/// <remarks>Not thread-safe. The trainer owns its callbacks, not the objective, the model or the optimiser.</remarks>
public sealed partial class Trainer : IDisposable
{
    private readonly Callback[] _callbacks;
    private readonly EventTable _events;
    private readonly StepContext _step;
    private readonly StepContext _evaluation;
    private readonly List<EpochRecord> _history = [];
    private readonly Dictionary<string, double> _metrics = [];
    private readonly RunningLoss _running = new();
    private DataPosition _position;
    private bool _fitting;
    private bool _stateIsWhole = true;

    /// <summary>Makes a trainer.</summary>
    /// <param name="objective">The model and its loss.</param>
    /// <param name="optimizer">The optimiser, one that steps without a closure (all but LBFGS).</param>
    /// <param name="callbacks">Who takes part, in this order; nobody by default. The trainer disposes of those that can be disposed of.</param>
    /// <param name="options">The settings; see <see cref="TrainerOptions"/> for the defaults.</param>
    /// <exception cref="InvalidOperationException">Two callbacks cannot be combined; the message names both.</exception>
    public Trainer(Objective objective, optim.Optimizer optimizer, IEnumerable<Callback>? callbacks = null, TrainerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(optimizer);
        Objective = objective;
        Optimizer = optimizer;
        Options = options ?? new();
        _callbacks = callbacks?.ToArray() ?? [];
        if (Array.IndexOf(_callbacks, null) is >= 0 and var place)
            throw new ArgumentException($"The callback at {place} is null.", nameof(callbacks));
        CallbackEffects.Check(_callbacks);
        Timings = Options.MeasureTime ? new TimingReport() : null;
        _events = new(_callbacks, Timings);
        _step = new(this);
        _evaluation = new(this);
    }

    /// <summary>The model and its loss.</summary>
    public Objective Objective { get; }

    /// <summary>The model in training.</summary>
    public nn.Module Model => Objective.Model;

    /// <summary>The optimiser.</summary>
    public optim.Optimizer Optimizer { get; }

    /// <summary>The settings.</summary>
    public TrainerOptions Options { get; }

    /// <summary>Who takes part, in the order of their adding.</summary>
    public IReadOnlyList<Callback> Callbacks => _callbacks;

    /// <summary>The steps done.</summary>
    public long Step { get; private set; }

    /// <summary>The epoch in which the next batch lies, from 0; at <see cref="TrainingEvent.EpochEnd"/> the one that ends.</summary>
    public int Epoch => _position.Epoch;

    /// <summary>The steps of an epoch; 0 before the first <see cref="Fit"/>.</summary>
    public long StepsPerEpoch { get; private set; }

    /// <summary>The steps of the whole training; 0 before the first <see cref="Fit"/>.</summary>
    public long TotalSteps { get; private set; }

    /// <summary>The time, for schedules and intervals.</summary>
    public TrainingTime Time => new(Step, StepsPerEpoch, TotalSteps);

    /// <summary>Whether the epoch is over, with its evaluation; tells the two occasions of <see cref="TrainingEvent.Checkpoint"/> apart.</summary>
    public bool IsEpochEnd { get; private set; }

    /// <summary>Whether somebody has asked to stop.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>The latest figures: "loss" and, where there are several terms, "loss/..." of the last epoch; "validation/..." of the last evaluation.</summary>
    public IReadOnlyDictionary<string, double> Metrics => _metrics;

    /// <summary>The figures of each epoch, those before a resume included.</summary>
    public IReadOnlyList<EpochRecord> History => _history;

    /// <summary>The time that callbacks took, where <see cref="TrainerOptions.MeasureTime"/> is set; else null.</summary>
    public TimingReport? Timings { get; }

    /// <summary>The learning rate of the optimiser's first group of parameters.</summary>
    public double LearningRate => Optimizer.ParamGroups.First().LearningRate;

    /// <summary>The mean loss of the epoch so far, weighted by rows; NaN before its first step. Waits for the device.</summary>
    public double ReadLoss() => _running.Total.Compute();

    /// <summary>Ends the run after this step, or at <see cref="TrainingEvent.EpochEnd"/> after this epoch. It can be resumed from a checkpoint.</summary>
    public void Stop() => IsStopping = true;

    /// <summary>Trains until <paramref name="duration"/> steps or epochs are done in all, those before a resume included.</summary>
    /// <param name="source">The training data.</param>
    /// <param name="duration">The length of the whole training, for example "10ep" or "500st".</param>
    /// <param name="options">What to evaluate, and where to resume from; see <see cref="FitOptions"/> for the defaults.</param>
    /// <returns><see cref="History"/>.</returns>
    /// <exception cref="ArgumentException">The source has no batch, the duration is a fraction, or the data does not fit the checkpoint.</exception>
    public IReadOnlyList<EpochRecord> Fit(IBatchSource source, Duration duration, FitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        options ??= new();
        if (duration.Unit == DurationUnit.Fraction)
            throw new ArgumentException($"Expected a duration in steps or epochs; {duration} is a part of nothing.", nameof(duration));
        if (source.BatchesPerEpoch < 1)
            throw new ArgumentException("The source has no batches.", nameof(source));
        if (_fitting)
            throw new InvalidOperationException("The trainer is running already.");
        if (options.ResumeFrom is { } path && File.Exists(path))
            Load(path);
        if (Step > 0 && StepsPerEpoch != source.BatchesPerEpoch)
            throw new ArgumentException(
                $"The training was begun with {StepsPerEpoch} batches an epoch; this source has {source.BatchesPerEpoch}.", nameof(source));

        StepsPerEpoch = source.BatchesPerEpoch;
        TotalSteps = duration.InSteps(StepsPerEpoch, 0);
        IsStopping = IsEpochEnd = false;
        _fitting = true;
        _stateIsWhole = false;
        try
        {
            Model.train();
            FindParameters();
            DropGradients();
            _events.Raise(TrainingEvent.FitStart, _step);
            RestoreRandomness();
            var start = Stopwatch.GetTimestamp();
            while (Step < TotalSteps && !IsStopping)
                RunEpoch(source, options);
            if (Timings is not null)
                Timings.Total += Stopwatch.GetElapsedTime(start);
            _events.Raise(TrainingEvent.FitEnd, _step);
        }
        finally
        {
            _fitting = _gradientsReady = false;
            _stateIsWhole = true;
            _step.End();
        }
        return _history;
    }

    /// <summary>The loop with those who act at each event, in the order of their acting.</summary>
    public string Describe()
    {
        const int column = 56;
        var text = new StringBuilder();
        text.AppendLine($"Training of {Model.GetType().Name} with {Optimizer.GetType().Name}");
        foreach (var line in TrainingLoop.Lines)
        {
            var actors = line.Event is { } at ? _events.Actors(at) : [];
            text.AppendLine(actors.Count == 0 ? line.Text : $"{line.Text.PadRight(column)} {string.Join(", ", actors.Select(actor => actor.Name))}");
        }
        return text.ToString();
    }

    /// <summary>Disposes of the callbacks that can be disposed of, and of the running figures.</summary>
    public void Dispose()
    {
        _running.Dispose();
        _pendingRandomness?.Dispose();
        foreach (var callback in _callbacks)
            (callback as IDisposable)?.Dispose();
    }

    private void RunEpoch(IBatchSource source, FitOptions options)
    {
        if (_position.BatchIndex == 0)
        {
            _running.Reset();
            _events.Raise(TrainingEvent.EpochStart, _step);
        }
        if (_position.BatchIndex < StepsPerEpoch)
            foreach (var batch in source.Epoch(_position.Epoch, _position.BatchIndex))
            {
                using (batch)
                    RunStep(batch);
                _position = _position with { BatchIndex = _position.BatchIndex + 1 };
                RaiseCheckpoint();
                // After the last step there is nothing to stop but the end of the epoch, which a resumed run would not come to again.
                if (Step >= TotalSteps)
                    break;
                if (IsStopping)
                    return;
            }

        var complete = _position.BatchIndex >= StepsPerEpoch;
        _running.Report(_metrics);
        if (options.Validation is { } validation && ((_position.Epoch + 1) % options.ValidateEveryEpochs == 0 || Step >= TotalSteps))
            Validate(validation, options.Metrics);
        _history.Add(new(_position.Epoch, Step, new Dictionary<string, double>(_metrics)));
        IsEpochEnd = true;
        _events.Raise(TrainingEvent.EpochEnd, _step);
        if (complete)
            _position = new(_position.Epoch + 1, 0);
        RaiseCheckpoint();
        IsEpochEnd = false;
    }

    private void RaiseCheckpoint()
    {
        _stateIsWhole = true;
        _events.Raise(TrainingEvent.Checkpoint, _step);
        _stateIsWhole = false;
    }
}
