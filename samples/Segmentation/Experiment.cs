using DeepTricks.Data;
using DeepTricks.Metrics;
using DeepTricks.Segmentation;
using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SegmentationSample;

/// <summary>Trains the arms under each seed and examines what they learned.</summary>
internal sealed class Experiment(SampleOptions options) : IDisposable
{
    public const int BatchSize = 8;
    public const double LearningRate = 3e-3;
    private const int TestBatchSize = 50;
    private const long TestSeed = 1000;
    private const int Evaluations = 5;

    // Logits of the organ, above 0 where it is likelier than not.
    private static readonly SegmentationOptions Masks = new() { Classes = 1, MultiLabel = true, Threshold = 0 };

    /// <summary>The slices that all runs are tested on.</summary>
    public InMemoryDataset Test { get; } = CtSlices.Draw(options.Test, TestSeed);

    /// <summary>
    /// Trains arms beside each other, each on a thread of its own: layers as small as these keep one processor busy, and two badly.
    /// </summary>
    /// <returns>The results in the order of the arms.</returns>
    public IReadOnlyList<ArmResult> Run(IReadOnlyList<Arm> arms)
    {
        var progress = new EpochProgress("all arms", arms.Count * options.Seeds * (long)options.Epochs, trainer => $"loss {trainer.Metrics["loss"]:F2}", Console.Error);
        var results = new ArmResult[arms.Count];
        var threads = get_num_threads();
        set_num_threads(1);
        try
        {
            // The last arms take longest.
            Parallel.ForEach(Enumerable.Range(0, arms.Count).Reverse(), new ParallelOptions { MaxDegreeOfParallelism = options.Workers }, i =>
            {
                results[i] = new(arms[i], [.. Enumerable.Range(1, options.Seeds).Select(seed => Run(arms[i], seed, progress))]);
                progress.Finish($"{results[i].Arm.Name}: Dice {results[i].Over(run => run.GlobalDice).Mean:F1} %");
            });
        }
        finally
        {
            set_num_threads(threads);
        }
        return results;
    }

    public void Dispose() => Test.Dispose();

    // The seed decides the training slices, the first weights, the order of the slices and the dropout; it is the same for all arms.
    private RunResult Run(Arm arm, int seed, EpochProgress progress)
    {
        // Dropout draws from the one generator that all threads share. The guided arm alone has dropout, and its runs follow each other.
        if (arm.Guided)
            manual_seed(seed);
        using var generator = new Generator((ulong)seed);
        using var network = new UNetThreePlus(new()
        {
            InputChannels = 1,
            Filters = [6, 12, 24, 48],
            DeepSupervision = arm.DeepSupervision,
            Guidance = arm.Guided ? ClassificationGuidance.Soft : ClassificationGuidance.None,
            Generator = generator,
        });
        using var optimizer = optim.Adam(network.parameters(), LearningRate);
        using var data = CtSlices.Draw(options.Train, seed);
        using var trainer = new Trainer(new OrganObjective(network, arm), optimizer, [new LearningRateSchedule(Schedule.WarmUp("2ep", Schedule.Cosine(1, 0))), progress]);
        using var dice = SegmentationMetric.Dice(Masks);
        using var slices = new SliceScores();
        var train = new BatchLoader(data, new() { BatchSize = BatchSize, Seed = seed, PrefetchDepth = 0 });
        var test = new BatchLoader(Test, new() { BatchSize = TestBatchSize, Shuffle = false, PrefetchDepth = 0 });

        var every = Math.Max(1, options.Epochs / Evaluations);
        var history = trainer.Fit(train, Duration.Epochs(options.Epochs), new() { Validation = test, Metrics = [dice, slices], ValidateEveryEpochs = every });
        return slices.Result([.. history.Where(epoch => (epoch.Epoch + 1) % every == 0 || epoch == history[^1]).Select(epoch => (epoch.Epoch + 1.0, 100 * epoch.Metrics["validation/dice"]))]);
    }
}
