using DeepTricks.Data;
using DeepTricks.Interpretability;
using DeepTricks.Training;
using static TorchSharp.torch;

namespace KakapoSample;

/// <summary>Trains a ProtoPNet on the sample's trunk, from scratch; the last epoch ends in a projection of the prototypes onto training pictures.</summary>
internal sealed class PrototypeLearner(ProtoPNet model, BirdSet train, SampleOptions options) : Learner(model, train, options)
{
    private const int PerSpecies = 4, Channels = 48, LastLayerEpochs = 3;
    private readonly SampleOptions _options = options;
    private readonly BirdSet _train = train;

    /// <summary>Where the prototypes came from.</summary>
    public IReadOnlyList<PrototypeSource> Sources { get; private set; } = [];

    /// <summary>The epochs that a training has for some epochs of the options.</summary>
    public static long EpochsOf(int epochs) => epochs + LastLayerEpochs;

    public static ProtoPNet Model() =>
        new(Networks.Trunk(), Networks.Width, new() { NumClasses = BirdWorld.SpeciesCount, PrototypesPerClass = PerSpecies, PrototypeChannels = Channels });

    public override void Train(int seed, Callback progress)
    {
        // The authors begin with a backbone of ImageNet, which hardly moves; this one begins with nothing.
        var schedule = new PrototypeSchedule
        {
            WarmEpochs = 0,
            FeatureRate = 3e-3,
            DecayInterval = Math.Max(2, _options.Epochs / 3),
            Decay = 0.3,
            ProjectionStart = _options.Epochs - 1,
            ProjectionInterval = Math.Max(1, _options.Epochs - 1),
            LastLayerEpochs = LastLayerEpochs,
            LastLayerRate = 1e-2,
        };
        using var data = new InMemoryDataset(_train.Images.clone(), _train.Labels.clone());
        using var training = new ProtoPNetTraining((ProtoPNet)Network, new() { Schedule = schedule, Callbacks = _ => [progress] });
        Sources = training.Run(Batches(data, seed), new BatchLoader(data, new() { BatchSize = BatchSize, Shuffle = false, PrefetchDepth = 0 }), _options.Epochs);
    }
}
