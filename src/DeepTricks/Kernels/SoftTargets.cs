namespace DeepTricks.Kernels;

/// <summary>
/// The targets of a softmax cross-entropy, one row a class, never one row a sample: class y's coefficients are
/// a_c = dense[y·stride + c] + peak[y]·[c = y], class weights included.
/// </summary>
/// <param name="Dense">Empty where there is only the peak; K values shared by all classes at stride 0, K × K at stride K.</param>
/// <param name="DenseSums">Σ_c of each class's dense row; one value at stride 0.</param>
/// <param name="Peak">What class y itself gets on top; K values.</param>
internal sealed record SoftTargets(float[] Dense, float[] DenseSums, float[] Peak)
{
    public int Classes => Peak.Length;

    private bool Shared => DenseSums.Length == 1;

    public ReadOnlySpan<float> Row(long label) =>
        Dense.Length == 0 || Shared ? Dense : Dense.AsSpan((int)label * Classes, Classes);

    /// <summary>A = Σ_c a_c.</summary>
    public float Sum(long label) => Peak[label] + (Dense.Length == 0 ? 0 : DenseSums[Shared ? 0 : label]);

    /// <summary>(1 − ε) one-hot + ε/K, each class times its weight.</summary>
    public static SoftTargets Uniform(float smoothing, ReadOnlySpan<float> weights)
    {
        var peak = new float[weights.Length];
        for (var c = 0; c < peak.Length; c++)
        {
            peak[c] = (1 - smoothing) * weights[c];
        }

        if (smoothing == 0)
        {
            return new([], [], peak);
        }

        var dense = new float[weights.Length];
        for (var c = 0; c < dense.Length; c++)
        {
            dense[c] = smoothing / weights.Length * weights[c];
        }

        return new(dense, [dense.Sum()], peak);
    }

    /// <summary>A distribution a class, as the rows of a K × K table, each column times its class's weight.</summary>
    public static SoftTargets Table(ReadOnlySpan<float> table, ReadOnlySpan<float> weights)
    {
        var classes = weights.Length;
        var dense = new float[classes * classes];
        var sums = new float[classes];
        for (var y = 0; y < classes; y++)
        {
            for (var c = 0; c < classes; c++)
            {
                sums[y] += dense[(y * classes) + c] = table[(y * classes) + c] * weights[c];
            }
        }

        return new(dense, sums, new float[classes]);
    }
}
