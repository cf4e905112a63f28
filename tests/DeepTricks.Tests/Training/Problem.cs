using DeepTricks.Data;
using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Training;

/// <summary>A small problem, a model and an optimiser: 38 samples of three classes, in batches of 8, so that the last one is short.</summary>
internal sealed class Problem : IDisposable
{
    private const int Samples = 38;
    private readonly InMemoryDataset _dataset;

    internal Problem(long seed = 1, double dropout = 0, int batchSize = 8, Func<TinyNetwork, optim.Optimizer>? optimizer = null)
    {
        // Data that depends on nothing but itself; weights that depend on the seed.
        using (var scope = NewDisposeScope())
        {
            var inputs = arange(Samples * 6, dtype: ScalarType.Float32).mul(0.7).sin().reshape(Samples, 6).MoveToOuterDisposeScope();
            var targets = inputs.narrow(1, 0, 3).argmax(1).MoveToOuterDisposeScope();
            _dataset = new(inputs, targets);
        }
        Source = new(_dataset, new() { BatchSize = batchSize, Seed = 3, PrefetchDepth = 0 });
        if (dropout > 0)
            manual_seed(seed);
        Model = new(seed, dropout);
        Optimizer = optimizer?.Invoke(Model) ?? optim.SGD(Model.parameters(), 0.1, momentum: 0.9);
        Objective = Objective.Classification(Model);
    }

    internal BatchLoader Source { get; }

    internal TinyNetwork Model { get; }

    internal optim.Optimizer Optimizer { get; }

    internal Objective Objective { get; }

    internal Tensor Inputs => _dataset.Inputs;

    internal Tensor Targets => _dataset.Targets!;

    /// <summary>Every weight, bit for bit.</summary>
    internal byte[] Weights() => [.. Model.parameters().SelectMany(parameter => parameter.detach().contiguous().bytes.ToArray())];

    /// <summary>Every gradient in one row.</summary>
    internal float[] Gradients() => [.. Model.parameters().SelectMany(parameter => parameter.grad!.contiguous().data<float>().ToArray())];

    public void Dispose()
    {
        Optimizer.Dispose();
        Model.Dispose();
        _dataset.Dispose();
    }
}
