using DeepTricks.Data;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Batches of a loader with a second half: for each sample one of the same class (<see cref="ClassPairs"/>), as in the code of CS-KD. Batches can be had again from any point on, as the
/// loader's.
/// </summary>
public sealed class ClassPairSource : IBatchSource
{
    private readonly InMemoryDataset _data;
    private readonly BatchLoader _loader;
    private readonly ClassPairs _pairs;
    private readonly BatchLoaderOptions _options;

    /// <summary>Makes a source.</summary>
    /// <param name="data">The samples with labels [N]; not taken over.</param>
    /// <param name="options">Of the loader; a batch has twice <see cref="BatchLoaderOptions.BatchSize"/> rows. The transform sees all of them.</param>
    public ClassPairSource(InMemoryDataset data, BatchLoaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        _data = data;
        _options = options ?? new();
        _loader = new(data, _options with { Transform = null, Device = null });
        _pairs = new(data.Targets ?? throw new ArgumentException("The data has no labels.", nameof(data)), _options.Seed);
    }

    /// <inheritdoc/>
    public int BatchesPerEpoch => _loader.BatchesPerEpoch;

    /// <inheritdoc/>
    public IEnumerable<Batch> Epoch(int epoch, int firstBatch = 0)
    {
        foreach (var batch in _loader.Epoch(epoch, firstBatch))
            using (batch) yield return Pair(batch, epoch);
    }

    private Batch Pair(Batch batch, int epoch)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var partners = _pairs.Partners(batch.Indices.Span, epoch);
        var rows = tensor(partners, device: _data.Inputs.device);
        var input = cat([batch.Input, _data.Inputs.index_select(0, rows)], 0);
        Tensor? target = cat([batch.Target!, _data.Targets!.index_select(0, rows)], 0);
        long[] indices = [.. batch.Indices.Span, .. partners];
        if (_options.Transform is { } transform)
        {
            // Two rows may show one sample: the second half has numbers of its own.
            var random = indices.Select((index, i) => new SampleRandom(i < batch.Count ? _options.Seed : ~_options.Seed, epoch, index)).ToArray();
            (input, target) = transform(input, target, random);
        }
        if (_options.Device is { } device) (input, target) = (input.to(device), target?.to(device));
        return new(input, target, indices, batch.Position);
    }
}
