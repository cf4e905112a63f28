using DeepTricks.Data;
using DeepTricks.Interpretability;
using DeepTricks.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace DimensionSample;

/// <summary>Trains the network in each arm under each seed, and follows the dimension of the same images through it.</summary>
internal sealed class Experiment(Mnist digits, SampleOptions options)
{
    private const int BatchSize = 64;

    /// <summary>An error below which shuffled labels count as learned, in per cent.</summary>
    private const double Learned = 1;

    public ArmResult Run(Arm arm)
    {
        var (profiles, errors) = (new List<DimensionProfile>(), new List<double>());
        for (var seed = 1; seed <= options.Seeds; seed++)
        {
            using var scope = NewDisposeScope();
            manual_seed(seed);
            using var model = new DigitNetwork();
            var images = DigitNetwork.Normalized(digits.Train.Inputs[..options.Images]);
            errors.Add(Train(arm, model, seed, images));
            profiles.Add(DimensionProfile.Of(arm.Name, model, DigitNetwork.Layers, images, new() { Resampling = new() { Count = options.Resamples, Seed = seed } }));
            Console.Error.WriteLine($"{arm.Name}, seed {seed}: error {errors[^1]:F2} %, dimension {string.Join(" ", profiles[^1].Layers.Select(layer => $"{layer.Dimension:F1}"))}");
        }

        return new(arm, profiles, errors);
    }

    private double Train(Arm arm, DigitNetwork model, int seed, Tensor images)
    {
        using var labels = digits.Train.Targets![..options.Images];
        using var shuffled = labels.index_select(0, tensor(Permutation((int)labels.shape[0], seed)));
        using var data = arm.Shuffled
            ? new InMemoryDataset(images.clone(), shuffled.clone())
            : new InMemoryDataset(DigitNetwork.Normalized(digits.Train.Inputs), digits.Train.Targets!.clone());
        using var test = arm.Shuffled ? new InMemoryDataset(images.clone(), shuffled.clone()) : Test();
        using var optimizer = optim.SGD(model.parameters(), arm.LearningRate, arm.Momentum);
        var batches = new BatchLoader(data, new() { BatchSize = BatchSize, Seed = seed, PrefetchDepth = 0 });
        var epochs = Math.Min(arm.Epochs, options.Epochs);
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            foreach (var batch in batches.Epoch(epoch))
            {
                using var taken = batch;
                using var scope = NewDisposeScope();
                optimizer.zero_grad();
                nn.functional.nll_loss(model.call(batch.Input), batch.Target!).backward();
                optimizer.step();
            }

            if (arm.Shuffled && Error(model, test) <= Learned) break;
        }

        return Error(model, test);
    }

    private InMemoryDataset Test() => new(DigitNetwork.Normalized(digits.Test.Inputs), digits.Test.Targets!.clone());

    private static double Error(DigitNetwork model, InMemoryDataset data)
    {
        using var ungraded = no_grad();
        using var error = new ErrorRate();
        model.eval();
        foreach (var batch in new BatchLoader(data, new() { BatchSize = 500, Shuffle = false, PrefetchDepth = 0 }).Epoch(0))
        {
            using var taken = batch;
            using var scope = NewDisposeScope();
            error.Update(model.call(batch.Input), batch.Target!);
        }

        model.train();
        return 100 * error.Compute();
    }

    private static long[] Permutation(int count, int seed)
    {
        var order = Enumerable.Range(0, count).Select(i => (long)i).ToArray();
        new Random(seed).Shuffle(order);
        return order;
    }
}
