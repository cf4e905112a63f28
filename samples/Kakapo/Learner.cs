using DeepTricks.Data;
using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace KakapoSample;

/// <summary>A network with what it is trained by. Its first weights are drawn when it is made, so that runs can train at the same time and still be repeated.</summary>
internal class Learner(nn.Module<Tensor, Tensor> network, BirdSet train, SampleOptions options) : IDisposable
{
    public const double LearningRate = 5e-3, WeightDecay = 1e-2;
    public const int BatchSize = 32;
    private const int TestBatchSize = 100;
    private readonly List<IDisposable> _owned = [];

    public nn.Module<Tensor, Tensor> Network => network;

    /// <summary>What the network takes of pictures.</summary>
    public Func<BirdSet, Tensor> Inputs { get; init; } = set => set.Images;

    /// <summary>The loss of the network's output.</summary>
    public Func<Tensor, Tensor, Tensor> Loss { get; init; } = (logits, labels) => nn.functional.cross_entropy(logits, labels);

    /// <summary>What learns with the network.</summary>
    public IReadOnlyList<nn.Module> Partners { get; init; } = [];

    /// <summary>What takes part in the training.</summary>
    public IReadOnlyList<Callback> Callbacks { get; init; } = [];

    /// <summary>Whether the network ends in a mean over places and one linear layer, as a map of evidence needs.</summary>
    public bool HasEvidence => network.named_modules().Any(layer => layer.name == Networks.Classifier);

    /// <summary>Disposes of something with the learner.</summary>
    public T Own<T>(T one)
        where T : IDisposable
    {
        _owned.Add(one);
        return one;
    }

    /// <summary>Trains the network.</summary>
    /// <param name="seed">Decides the order of the pictures.</param>
    /// <param name="progress">Is told of the epochs.</param>
    public virtual void Train(int seed, Callback progress)
    {
        using var optimizer = optim.AdamW([.. network.parameters(), .. Partners.SelectMany(partner => partner.parameters())], LearningRate, weight_decay: WeightDecay);
        using var data = new InMemoryDataset(Inputs(train).clone(), train.Labels.clone());
        using var trainer = new Trainer(
            Objective.Supervised(network, Loss), optimizer, [new LearningRateSchedule(Schedule.WarmUp("1ep", Schedule.Cosine(1, 0.01))), .. Callbacks, progress]);
        trainer.Fit(Batches(data, seed), Duration.Epochs(options.Epochs));
    }

    /// <summary>The species that the network sees, [N].</summary>
    public Tensor Predict(BirdSet set)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        network.eval();
        var inputs = Inputs(set);
        return cat([.. inputs.split(TestBatchSize).Select(part => network.call(part).argmax(1))]).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (var one in _owned) one.Dispose();
        network.Dispose();
    }

    protected static BatchLoader Batches(InMemoryDataset data, int seed) => new(data, new() { BatchSize = BatchSize, Seed = seed, PrefetchDepth = 0 });
}
