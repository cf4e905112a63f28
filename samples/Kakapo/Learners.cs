using DeepTricks.Interpretability;
using DeepTricks.Priors;
using TorchSharp;
using static TorchSharp.torch;

namespace KakapoSample;

/// <summary>The learners of the arms.</summary>
internal static class Learners
{
    private const int KindsOfEach = 2;
    private const long MaskWidth = 32;
    private const double GeneratorRate = 1e-3, GeneratorDecay = 5e-4;
    private const int GeneratorInterval = 4;

    /// <summary>
    /// The evidence that a softmax sees, which is relative to the mean over the species: else a ground could speak for its bird by speaking against all others. Places at the outline count by the part that is
    /// outside.
    /// </summary>
    private static readonly CamConstraintOptions Constraint = new() { Weight = 2, Relative = true, Match = MaskMatch.Area };

    public static Learner EndToEnd(BirdSet train, SampleOptions options) => With(train, options);

    public static Learner Constrained(BirdSet train, SampleOptions options) => With(train, options, (Constrain, train.Birds));

    public static Learner MaskBranch(BirdSet train, SampleOptions options) => With(train, options, (Branch, BothMasks(train)));

    public static Learner Auxiliary(BirdSet train, SampleOptions options) => With(train, options, (Heads, train.Details));

    public static Learner ConstrainedMaskBranch(BirdSet train, SampleOptions options) => With(train, options, (Constrain, train.Birds), (Branch, BothMasks(train)));

    public static Learner ConstrainedAuxiliary(BirdSet train, SampleOptions options) => With(train, options, (Constrain, train.Birds), (Heads, train.Details));

    public static Learner TwoStreams(BirdSet train, SampleOptions options) =>
        new(new TwoStreamNetwork(Networks.Trunk(), Networks.Trunk(), BirdWorld.SpeciesCount, new() { WholeFeatures = Networks.Width }), train, options)
        {
            Inputs = set => PartCrop.Pairs(set.Images, set.HeadBoxes),
        };

    public static Learner Maxl(BirdSet train, SampleOptions options)
    {
        var network = Networks.Classify(BirdWorld.SpeciesCount);
        var kinds = KindsOfEach * BirdWorld.SpeciesCount;
        var head = nn.Linear(Networks.Width, kinds);
        var generator = new LabelGenerator(Networks.Classify(kinds), [.. Enumerable.Repeat(KindsOfEach, BirdWorld.SpeciesCount)]);
        var maxl = new Maxl(network, Networks.Features, head, generator);
        var optimizer = optim.SGD(generator.parameters(), GeneratorRate, weight_decay: GeneratorDecay);
        var learner = new Learner(network, train, options)
        {
            Loss = maxl.PrimaryLoss,
            Partners = [head],
            Callbacks = [new MaxlCallback(maxl, optimizer, GeneratorInterval)],
        };
        foreach (var one in new IDisposable[] { maxl, optimizer, generator, head }) learner.Own(one);
        return learner;
    }

    public static Learner Prototypes(BirdSet train, SampleOptions options) => new PrototypeLearner(PrototypeLearner.Model(), train, options);

    /// <summary>A network with priors, and what each knows of the pictures to train with.</summary>
    private static Learner With(BirdSet train, SampleOptions options, params (Func<nn.Module, LayerPrior> Make, Tensor Rows)[] priors)
    {
        var network = Networks.Classify(BirdWorld.SpeciesCount);
        var made = priors.Select(one => (Prior: one.Make(network), Table: new SampleTable(one.Rows.clone()))).ToList();
        var learner = new Learner(network, train, options)
        {
            Partners = [.. made.Select(one => one.Prior.Learner).OfType<nn.Module>()],
            Callbacks = [.. made.Select(one => new PriorCallback(one.Prior, one.Table.Of))],
        };
        foreach (var (prior, table) in made)
        {
            learner.Own(prior);
            learner.Own(table);
            if (prior.Learner is { } partner) learner.Own(partner);
        }

        return learner;
    }

    private static CamConstraint Constrain(nn.Module network) => new(network, Networks.Features, Networks.Classifier, Constraint);

    private static MaskPrior Branch(nn.Module network) =>
        new(network, Networks.Features, new PartMaskDecoder(Networks.Width, new() { Parts = 2, Width = MaskWidth, Doublings = 1 }));

    private static AuxiliaryLabels Heads(nn.Module network) => new(network, Networks.Features, new(Networks.Width,
    [
        new AuxiliaryTask("age", [.. Enumerable.Range(0, KindsOfEach * BirdWorld.SpeciesCount).Select(kind => kind / KindsOfEach)]),
        new AuxiliaryTask("facing", 2),
    ]));

    private static Tensor BothMasks(BirdSet set) => stack([set.Birds, set.Heads], 1);
}
