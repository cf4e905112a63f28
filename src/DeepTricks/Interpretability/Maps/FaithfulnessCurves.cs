using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>
/// How well maps show what a model looks at (Petsiuk et al., "RISE: Randomized Input Sampling for Explanation of Black-box Models", 2018): the score as the pixels
/// of the highest evidence are deleted first, which should fall fast, and as they are inserted first, which should rise fast.
/// </summary>
public sealed class FaithfulnessCurves : IDisposable
{
    private FaithfulnessCurves(IReadOnlyList<double> fractions, Tensor deletion, Tensor insertion) => (Fractions, Deletion, Insertion) = (fractions, deletion, insertion);

    /// <summary>The part of the pixels that has changed at each point, from 0 to 1.</summary>
    public IReadOnlyList<double> Fractions { get; }

    /// <summary>The score of each sample at each point as pixels are deleted, [N, points].</summary>
    public Tensor Deletion { get; }

    /// <summary>The score of each sample at each point as pixels are inserted, [N, points].</summary>
    public Tensor Insertion { get; }

    /// <summary>The mean over the samples of the area under the deletion curves: lower is better.</summary>
    public double DeletionArea => Area(Deletion);

    /// <summary>The mean over the samples of the area under the insertion curves: higher is better.</summary>
    public double InsertionArea => Area(Insertion);

    /// <summary>Measures both curves, in evaluation and without gradients.</summary>
    /// <param name="model">From images to logits [N, K].</param>
    /// <param name="images">[N, channels, height, width].</param>
    /// <param name="maps">The evidence of each pixel, [N, height, width]: only its order counts, and among equals the first comes first.</param>
    /// <param name="classes">The class of each sample, [N] int64; null, the default, for that with the highest score.</param>
    /// <param name="options">Steps and grounds; those of RISE where null.</param>
    /// <returns>The curves, in the dispose scope of the caller.</returns>
    /// <exception cref="ArgumentException">A shape or type is another, or a ground is not as large as the images.</exception>
    public static FaithfulnessCurves Measure(
        nn.Module<Tensor, Tensor> model, Tensor images, Tensor maps, Tensor? classes = null, FaithfulnessOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        MapChecks.Activations(images, nameof(images));
        MapChecks.Maps(maps, nameof(maps));
        if (!maps.shape.SequenceEqual([images.shape[0], images.shape[2], images.shape[3]]))
            throw new ArgumentException($"The shape is {maps.ShapeText()}; expected [{images.shape[0]}, {images.shape[2]}, {images.shape[3]}], as the images have.", nameof(maps));

        options ??= new();
        using var modes = new ModuleModes(model);
        model.eval();
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var whole = model.call(images);
        if (whole.dim() != 2 || whole.shape[0] != images.shape[0])
            throw new ArgumentException($"The model returns the shape {whole.ShapeText()}; expected [{images.shape[0]}, classes].", nameof(model));
        if (classes is null) classes = whole.argmax(1);
        else MapChecks.Classes(classes, whole.shape[0], whole.shape[1], nameof(classes));

        var counts = Counts(images.shape[2], images.shape[3], options.Steps);
        var order = maps.flatten(1).sort(dim: 1, descending: true, stable: true).Indices;
        var rank = order.argsort(1).view(images.shape[0], 1, images.shape[2], images.shape[3]);
        var scorer = new Scorer(model, classes, counts, options);
        return new(
            [.. counts.Select(count => (double)count / counts[^1])],
            scorer.Curve(images, Ground(options.DeletionGround, images), rank).MoveToOuterDisposeScope(),
            scorer.Curve(Ground(options.InsertionGround, images), images, rank).MoveToOuterDisposeScope());
    }

    /// <summary>Disposes of the curves.</summary>
    public void Dispose()
    {
        Deletion.Dispose();
        Insertion.Dispose();
    }

    private static Tensor Ground(Func<Tensor, Tensor> make, Tensor images)
    {
        var ground = make(images);
        return ground.shape.SequenceEqual(images.shape)
            ? ground
            : throw new ArgumentException($"A ground has the shape {ground.ShapeText()}; expected {images.ShapeText()}, that of the images.", "options");
    }

    /// <summary>How many pixels have changed at each point.</summary>
    private static List<long> Counts(long height, long width, int? steps)
    {
        var pixels = height * width;
        var step = steps is { } most ? (pixels + most - 1) / most : width;
        var counts = new List<long>();
        for (var count = 0L; count < pixels; count += step) counts.Add(count);
        counts.Add(pixels);
        return counts;
    }

    private double Area(Tensor curves)
    {
        using var scope = NewDisposeScope();
        return trapezoid(curves.to(ScalarType.Float64), tensor(Fractions.ToArray()).to(curves.device), 1).mean().item<double>();
    }

    private sealed class Scorer(nn.Module<Tensor, Tensor> model, Tensor classes, List<long> counts, FaithfulnessOptions options)
    {
        /// <summary>The scores as the pixels of <paramref name="before"/> become those of <paramref name="after"/>, the first of the order first: [N, points].</summary>
        internal Tensor Curve(Tensor before, Tensor after, Tensor rank)
        {
            using var scope = NewDisposeScope();
            var (samples, points) = (before.shape[0], (long)counts.Count);
            var changed = tensor(counts.ToArray()).to(rank.device);
            var parts = new List<Tensor>();
            for (var start = 0L; start < samples * points; start += options.BatchSize)
            {
                using var batch = NewDisposeScope();
                var job = arange(start, Math.Min(start + options.BatchSize, samples * points), ScalarType.Int64, rank.device);
                var sample = job.div(points, RoundingMode.floor);
                var isAfter = rank.index_select(0, sample) < changed.index_select(0, job.remainder(points)).view(-1, 1, 1, 1);
                var logits = model.call(where(isAfter, after.index_select(0, sample), before.index_select(0, sample)));
                var scores = options.Softmax ? logits.softmax(1) : logits;
                parts.Add(scores.gather(1, classes.index_select(0, sample).unsqueeze(1)).squeeze(1).MoveToOuterDisposeScope());
            }

            return cat(parts).view(samples, points).MoveToOuterDisposeScope();
        }
    }
}
