using DeepTricks.Data;
using DeepTricks.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>
/// Trains a <see cref="ProtoPNet"/> as a recipe (<see cref="Run"/>) or by plain calls. Each phase has one optimiser and one <see cref="Trainer"/>, which it goes on with whenever it
/// comes again.
/// </summary>
/// <example><code>
/// using var training = new ProtoPNetTraining(model, new() { Search = new() { Preprocess = Normalize } });
/// var prototypes = training.Run(augmented, plain, epochs: 11);
/// </code></example>
/// <remarks>
/// As in the authors' code the backbone is in training mode in each phase: its batch normalisation goes on gathering statistics even where its weights stay.
/// </remarks>
public sealed class ProtoPNetTraining : IDisposable
{
    private readonly Dictionary<PrototypePhase, (Trainer Trainer, Adam Optimizer)> _trainers = [];
    private readonly ProtoPNet _model;
    private readonly ProtoPNetTrainingOptions _options;
    private Parameter _prototypes;

    /// <summary>Makes the training of a network.</summary>
    /// <param name="model">The network; it stays the caller's.</param>
    /// <param name="options">The settings; see <see cref="ProtoPNetTrainingOptions"/> for the defaults.</param>
    public ProtoPNetTraining(ProtoPNet model, ProtoPNetTrainingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        (_model, _options, _prototypes) = (model, options ?? new(), model.Prototypes);
    }

    /// <summary>The epochs done, in all phases.</summary>
    public int Epochs { get; private set; }

    /// <summary>Trains by the schedule.</summary>
    /// <param name="train">The training images as the network takes them, augmented if you like.</param>
    /// <param name="projection">The training images as they are: what prototypes are projected onto.</param>
    /// <param name="epochs">The epochs of warm and joint training, at least 1; see <see cref="PrototypeSchedule.Steps"/>.</param>
    /// <returns>Where the prototypes came from at the last projection; empty where there was none.</returns>
    public IReadOnlyList<PrototypeSource> Run(IBatchSource train, IBatchSource projection, int epochs)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(projection);
        IReadOnlyList<PrototypeSource> sources = [];
        foreach (var step in _options.Schedule.Steps(epochs))
        {
            if (step.Phase is { } phase) Train(phase, train, step.Epochs);
            else sources = Project(projection);
        }

        return sources;
    }

    /// <summary>Trains the parts of a phase.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="images">The images with their classes.</param>
    /// <param name="epochs">For how many epochs, at least 1.</param>
    /// <returns>The figures of each epoch of this phase, earlier calls included.</returns>
    public IReadOnlyList<EpochRecord> Train(PrototypePhase phase, IBatchSource images, int epochs)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        if (!ReferenceEquals(_prototypes, _model.Prototypes))
        {
            // Pruned or moved since: the optimisers hold parameters that are no longer the network's.
            Dispose();
            _prototypes = _model.Prototypes;
        }

        _model.SetPhase(phase);
        if (!_trainers.TryGetValue(phase, out var made)) _trainers.Add(phase, made = Make(phase));
        var history = made.Trainer.Fit(new Later(images, Epochs - made.Trainer.Epoch), Duration.Epochs(made.Trainer.Epoch + epochs), _options.Fit);
        Epochs += epochs;
        return history;
    }

    /// <summary>Projects the prototypes; see <see cref="PrototypeProjection.Run"/>.</summary>
    /// <param name="images">The training images with their classes, not augmented.</param>
    /// <returns>Where each prototype comes from.</returns>
    public IReadOnlyList<PrototypeSource> Project(IBatchSource images) => PrototypeProjection.Run(_model, images, _options.Search);

    /// <summary>Disposes of trainers and optimisers.</summary>
    public void Dispose()
    {
        foreach (var (trainer, optimizer) in _trainers.Values)
        {
            trainer.Dispose();
            optimizer.Dispose();
        }

        _trainers.Clear();
    }

    private (Trainer, Adam) Make(PrototypePhase phase)
    {
        var optimizer = _options.Schedule.Optimizer(_model, phase);
        Callback[] decay = phase is PrototypePhase.Joint
            ? [new LearningRateSchedule(Training.Schedule.Of(time => _options.Schedule.JointFactor((int)(time.Step / time.StepsPerEpoch))))]
            : [];
        return (new(new ProtoPNetObjective(_model, _options.Weights), optimizer, [.. decay, .. _options.Callbacks(phase)], _options.Trainer), optimizer);
    }

    /// <summary>A source from a later epoch on: each phase counts its own, and is to see other orders than the phases before.</summary>
    private sealed class Later(IBatchSource source, int epochs) : IBatchSource
    {
        public int BatchesPerEpoch => source.BatchesPerEpoch;

        public IEnumerable<Batch> Epoch(int epoch, int firstBatch = 0) => source.Epoch(epoch + epochs, firstBatch);
    }
}
